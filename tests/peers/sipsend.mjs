// SPDX-License-Identifier: LGPL-2.1-or-later
// Sends one SIP request over UDP, as nobody's phone would, and prints the status of
// the answer ("none" after 2 s).
//   node sipsend.mjs HOST:PORT METHOD URI [HEADER...]
import dgram from 'node:dgram';
import crypto from 'node:crypto';

const [target, method, uri, ...headers] = process.argv.slice(2);
const [host, port] = target.split(':');
const random = () => crypto.randomBytes(6).toString('hex');
const socket = dgram.createSocket('udp4');

const end = status => {
  console.log(status);
  socket.close();
  clearTimeout(timer);
};
const timer = setTimeout(end, 2000, 'none');
socket.on('message', text => end(String(text).split(' ')[1]));
socket.bind(0, '127.0.0.1', () => {
  const own = `127.0.0.1:${socket.address().port}`;
  const has = name => headers.some(h => h.startsWith(`${name}:`));
  const lines = [`${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${random()};rport`,
    ...(has('From') ? [] : [`From: <sip:nobody@${own}>;tag=${random()}`]),
    ...(has('To') ? [] : [`To: <${uri}>`]),
    ...(has('Max-Forwards') ? [] : ['Max-Forwards: 70']),
    `Call-ID: ${random()}`, `CSeq: 1 ${method}`, `Contact: <sip:nobody@${own}>`,
    ...headers, 'Content-Length: 0', '', ''];
  socket.send(lines.join('\r\n'), port, host);
});
