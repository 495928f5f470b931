// SPDX-License-Identifier: LGPL-2.1-or-later
// A bot for Twilio's media streams, by OpenAI's Agents SDK as it is: what its transport layer
// says goes out as Twilio would get it.
//
//   node twiliobot.mjs [port=0] [model=ws://127.0.0.1:8123] [log=FILE]
//
// port     0 = one that is free; it is printed: "listening on ws://127.0.0.1:PORT"
// model    a Realtime API; without one, openaiserver.mjs is started
// log      what is said, one event a line, with the time of CLOCK_MONOTONIC in µs
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TwilioRealtimeTransportLayer } from '@openai/agents-extensions'
import { RealtimeAgent, RealtimeSession } from '@openai/agents-realtime'
import { WebSocketServer } from 'ws'

const options = { port: '0', model: '', log: '' }
for (const argument of process.argv.slice(2)) {
  const at = argument.indexOf('=')
  if (!(argument.slice(0, at) in options)) throw new Error(`what is ${argument}?`)
  options[argument.slice(0, at)] = argument.slice(at + 1)
}

function note (fact) {
  const at = Number(process.hrtime.bigint() / 1000n)
  if (options.log) fs.appendFileSync(options.log, JSON.stringify({ at, ...fact }) + '\n')
}

// Audio is told by its bytes.
function shorten (event) {
  const payload = event.media?.payload
  return payload === undefined ? event
    : { ...event, media: { ...event.media, payload: Buffer.from(payload, 'base64').length } }
}

// The address of a model that is none.
function startModel () {
  const server = fileURLToPath(new URL('openaiserver.mjs', import.meta.url))
  const child = spawn(process.execPath, [server], { stdio: ['ignore', 'pipe', 'inherit'] })
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => { child.kill(); process.exit(0) })
  }
  return new Promise(resolve => child.stdout.on('data', text =>
    resolve(/ws:\S+/.exec(text.toString())[0])))
}

async function serve (socket, headers) {
  note({ connected: headers['x-twilio-signature'] ?? '' })
  const send = socket.send.bind(socket)
  socket.send = text => {
    note({ bot: shorten(JSON.parse(text)) })
    send(text)
  }
  socket.on('message', text => note({ carrier: shorten(JSON.parse(text)) }))
  socket.on('close', code => note({ closed: code }))
  const transport = new TwilioRealtimeTransportLayer({ twilioWebSocket: socket,
    url: `${options.model}/v1/realtime?model=none` })
  const session = new RealtimeSession(new RealtimeAgent({ name: 'bot' }), { transport,
    config: { audio: { input: { turnDetection: { type: 'server_vad', interruptResponse: true } } } } })
  session.on('error', ({ error }) => note({ error: JSON.stringify(error?.error ?? error) ?? String(error) }))
  transport.on('*', event => {
    if (event.type === 'conversation.item.truncated') note({ truncated: event.audio_end_ms })
  })
  await session.connect({ apiKey: 'sk-test' })
  socket.on('close', () => session.close())
}

options.model ||= await startModel()
const server = new WebSocketServer({ port: Number(options.port), host: '127.0.0.1' })
server.on('listening', () => console.log(`listening on ws://127.0.0.1:${server.address().port}`))
server.on('connection', (socket, request) => serve(socket, request.headers))
