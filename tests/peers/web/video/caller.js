// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// A page that sends pictures and, a second later than these, sound.

async function call() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const [sound] = stream.getAudioTracks();
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const { sender } = pc.addTransceiver('audio', { direction: 'sendonly' });
  pc.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly', streams: [stream] });
  await pc.setLocalDescription();
  const answer = await fetch('/whip', { method: 'POST', body: pc.localDescription.sdp,
    headers: { 'Content-Type': 'application/sdp' } });
  await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let i = 0; i < 100 && pc.connectionState !== 'connected'; i++)
    await wait(100);
  await wait(1000);
  await sender.replaceTrack(sound);
  await wait(2000);
  await fetch(answer.headers.get('Location'), { method: 'DELETE' });
  pc.close();
  return pc.connectionState;
}

window.result = await call();
