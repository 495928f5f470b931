// SPDX-License-Identifier: LGPL-2.1-or-later
// controlclient.mjs SOCKET: standard input goes to a Unix socket, what comes back to
// standard output.
import net from 'node:net';

const socket = net.connect(process.argv[2]);
process.stdin.pipe(socket);
socket.pipe(process.stdout);
socket.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
socket.on('close', () => process.exit(0));
