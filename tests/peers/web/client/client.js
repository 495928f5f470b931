// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// A page as users of this client write it; the client only sends. It trickles, and
// restarts ICE in the middle.
import { WHIPClient } from '/whip.js';

const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
const pc = new RTCPeerConnection();
pc.addTransceiver(stream.getAudioTracks()[0], { direction: 'sendonly', streams: [stream] });
const client = new WHIPClient();
await client.publish(pc, `${location.origin}/whip`, null);

async function packets() {
  for (const one of (await pc.getStats()).values())
    if (one.type === 'remote-inbound-rtp' || one.type === 'outbound-rtp')
      return one.packetsSent ?? 0;
  return 0;
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
await wait(2500);
const before = pc.connectionState;
client.restart();
await wait(3000);
const sent = await packets();
const after = pc.connectionState;
await client.stop();
window.result = `${before} ${after} ${sent > 150}`;
