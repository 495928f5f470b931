// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// A caller by another WebRTC stack than Chromium's and ours:
//   node werift.mjs URL SECONDS [DIRECTION [FILE]]
// Sends Opus silence, also when it offers DIRECTION recvonly; "muted" offers sendrecv and
// sends nothing. Counts what comes, and events of the data channel, to which each line of FILE
// goes once it is open.

import fs from 'node:fs';
import { RTCPeerConnection, MediaStreamTrack, RtpPacket, RtpHeader } from 'werift';

const [url, seconds, direction = 'sendrecv', file] = process.argv.slice(2);
const OPUS_SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const pc = new RTCPeerConnection();
const track = new MediaStreamTrack({ kind: 'audio' });
pc.addTransceiver(track, { direction: direction === 'muted' ? 'sendrecv' : direction });
const channel = pc.createDataChannel('oai-events');
let packets = 0;
let events = 0;
let errors = 0;
pc.onTrack.subscribe((remote) => remote.onReceiveRtp.subscribe(() => { packets += 1; }));
channel.onMessage.subscribe((text) => {
  events += 1;
  if (JSON.parse(text.toString()).type === 'error') errors += 1;
});
channel.stateChanged.subscribe((state) => {
  if (state === 'open' && file)
    for (const line of fs.readFileSync(file, 'utf8').trim().split('\n')) channel.send(line);
});

await pc.setLocalDescription(await pc.createOffer());
const response = await fetch(url, {
  method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: pc.localDescription.sdp,
});
const answer = await response.text();
console.log(`status=${response.status}`);
if (response.status !== 201) {
  console.log(answer);
  process.exit(1);
}
await pc.setRemoteDescription({ type: 'answer', sdp: answer });
let number = 0;
for (const transceiver of pc.getTransceivers())
  for (const remote of transceiver.receiver.tracks)
    remote.onReceiveRtp.subscribe(() => { packets += 1; });
const timer = setInterval(() => {
  number += 1;
  const header = new RtpHeader({ sequenceNumber: number, timestamp: number * 960, payloadType: 96 });
  if (direction !== 'muted')
    track.writeRtp(new RtpPacket(header, OPUS_SILENCE));
}, 20);
await new Promise((done) => setTimeout(done, Number(seconds) * 1000));
clearInterval(timer);
const session = new URL(response.headers.get('Location'), url);
const deleted = await fetch(session, { method: 'DELETE' });
console.log(`packets=${packets}\nevents=${events}\nerrors=${errors}\ndeleted=${deleted.status}`);
await pc.close();
process.exit(packets > 0 || direction === 'sendonly' ? 0 : 1);
