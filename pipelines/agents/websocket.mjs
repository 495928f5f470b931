#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// An agent in JavaScript: a tone for a greeting, then it repeats what the caller says; # ends
// the call.   websocket.mjs [PORT]   default: 8765. It needs: npm install ws
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2] ?? 8765) })
server.on('listening', () => console.log(`ws://127.0.0.1:${server.address().port}`))
server.on('connection', socket => { // one for each call
  let turn = []
  let speaking = false

  function begin (start) {
    const tone = new Int16Array(start.sampleRate * 3).map((_, i) => i % 32 < 16 ? 6000 : -6000)
    console.log(`${start.from} calls ${start.to}`)
    socket.send(tone)
    socket.send(JSON.stringify({ type: 'mark', data: { name: 'greeting' } }))
  }

  socket.on('message', (data, binary) => {
    if (binary) { // 20 ms of the caller, S16LE
      turn.push(data)
      if (!speaking) turn = turn.slice(-15) // it is noticed late
      return
    }
    const told = JSON.parse(data)
    if (told.callSid !== undefined) {
      begin(told)
    } else if (told.type === 'mark') {
      console.log(told.data.name, told.data.event)
    } else if (told.event === 'turn') { // what was being said is cut off already
      speaking = told.state === 'started'
      if (!speaking) socket.send(Buffer.concat(turn))
    } else if (told.dtmf === '#') {
      socket.send(JSON.stringify({ type: 'disconnect' }))
    }
  })
})
