// SPDX-License-Identifier: LGPL-2.1-or-later
// A service that behaves like OpenAI's Realtime API (GA) by WebSocket, for tests and for
// trying: its VAD is the level of what it hears, its answers are tones.
//
//   node openaiserver.mjs [port=0] [log=FILE] [heard=FILE] [answer=4000] [think=0]
//                         [tool=NAME] [chunk=200] [echo=0] [pace=4] [stall=0]
//                         [text=WORDS] [raw=FILE] [arguments=FILE]
//
// port     0 = one that is free; it is printed: "listening on ws://127.0.0.1:PORT"
// log      what the client says, one event a line; audio without its bytes; and each
//          connection that is opened
// heard    the bytes of all audio, as they came
// answer   ms that an answer lasts; echo=1: what was said in the turn, in place of a tone
// think    ms from the end of a turn to the answer
// tool     the first turn calls this one, with no arguments
// arguments  or those of each line of this file, eight calls in a turn
// chunk    ms of audio in each delta
// pace     how many times as fast as they are heard answers come
// stall    so many connections, the first ones, are never answered
// text     the answer's words, of which one comes with each delta
// raw      all events that the client sends, as they came, one a line
//
// With the variable OPENAISERVER_KEY who has another key is answered 401.
import fs from 'node:fs'
import { WebSocketServer } from 'ws'

const options = { port: 0, log: '', heard: '', answer: 4000, think: 0, tool: '',
  chunk: 200, echo: 0, pace: 4, stall: 0, text: 'Here is a tone that lasts.', raw: '', arguments: '' }
for (const argument of process.argv.slice(2)) {
  const [name, value] = argument.split('=')
  if (!(name in options)) throw new Error(`what is ${name}?`)
  options[name] = typeof options[name] === 'number' ? Number(value) : value
}

// ---- Laws (ITU-T G.711)

function ulaw (byte) {
  const u = ~byte & 0xff
  const magnitude = (((u & 15) << 3) + 132 << (u >> 4 & 7)) - 132
  return u & 128 ? -magnitude : magnitude
}

function alaw (byte) {
  const a = byte ^ 0x55
  const exponent = a >> 4 & 7
  const mantissa = (a & 15) << 4
  const magnitude = exponent ? mantissa + 264 << exponent - 1 : mantissa + 8
  return a & 128 ? magnitude : -magnitude
}

// Inverse by search: it is done once for each law.
function encoder (decode) {
  const table = new Uint8Array(65536)
  const values = [...Array(256).keys()].map(i => [decode(i), i]).sort((a, b) => a[0] - b[0])
  for (let sample = -32768, at = 0; sample < 32768; sample++) {
    while (at + 1 < 256 && Math.abs(values[at + 1][0] - sample) <= Math.abs(values[at][0] - sample)) at++
    table[sample + 32768] = values[at][1]
  }
  return sample => table[sample + 32768]
}

const formats = {
  'audio/pcmu': { rate: 8000, width: 1, decode: ulaw, encode: encoder(ulaw) },
  'audio/pcma': { rate: 8000, width: 1, decode: alaw, encode: encoder(alaw) },
  'audio/pcm': { rate: 24000, width: 2 }
}

function level (format, bytes) {
  let sum = 0
  const n = bytes.length / format.width
  for (let i = 0; i < n; i++) {
    sum += Math.abs(format.width === 2 ? bytes.readInt16LE(i * 2) : format.decode(bytes[i]))
  }
  return n ? sum / n : 0
}

function tone (format, ms) {
  const n = Math.round(format.rate * ms / 1000)
  const bytes = Buffer.alloc(n * format.width)
  for (let i = 0; i < n; i++) {
    const sample = Math.round(8000 * Math.sin(2 * Math.PI * 1000 * i / format.rate))
    if (format.width === 2) bytes.writeInt16LE(sample, i * 2)
    else bytes[i] = format.encode(sample)
  }
  return bytes
}

// ---- A session

let connections = 0

// What a client does not say of turn detection.
const defaults = { silence_duration_ms: 500, prefix_padding_ms: 300, create_response: true,
  interrupt_response: true }

function fail (code, message) {
  throw Object.assign(new Error(message), { code })
}

class Session {
  constructor (socket) {
    this.socket = socket
    this.number = ++connections
    this.format = formats['audio/pcm']
    this.vad = defaults
    this.samples = 0 // ever
    this.turn = null // { item, bytes, loud, quiet }
    this.loud = 0 // ms
    this.buffer = [] // the last of what was heard
    this.items = new Map() // id -> bytes of its audio
    this.response = null
    this.ids = 0
    this.turns = 0
    this.calls = options.arguments ? fs.readFileSync(options.arguments, 'utf8').trim().split('\n') : ['{}']
    this.note({ at: Date.now(), connection: this.number, opened: true })
    this.say('session.created', { session: { type: 'realtime', id: `sess_${this.number}` } })
  }

  say (type, fields) {
    if (this.socket.readyState !== 1) return
    this.socket.send(JSON.stringify({ type, event_id: `event_${++this.ids}`, ...fields }))
  }

  note (event) {
    if (options.log) fs.appendFileSync(options.log, JSON.stringify(event) + '\n')
  }

  ms (samples) {
    return samples * 1000 / this.format.rate
  }

  // What the client says.

  hear (text) {
    if (options.raw) fs.appendFileSync(options.raw, text + '\n')
    const event = JSON.parse(text)
    const shown = event.audio ? { ...event, audio: event.audio.length } : event
    if (event.type !== 'input_audio_buffer.append') this.note({ at: Date.now(), connection: this.number, ...shown })
    try {
      const handler = this.handlers[event.type]
      if (!handler) fail('unknown_event', `what is ${event.type}?`)
      handler.call(this, event)
    } catch (error) {
      if (!error.code) throw error
      this.note({ at: Date.now(), error: error.code })
      this.say('error', { error: { type: 'invalid_request_error', code: error.code, message: error.message, event_id: event.event_id } })
    }
  }

  handlers = {
    'session.update' ({ session }) {
      if (session.type !== 'realtime') fail('invalid_type', 'session.type is missing')
      const input = session.audio?.input
      if (input?.format) {
        this.format = formats[input.format.type] ?? fail('invalid_value', 'what format?')
      }
      if (input && 'turn_detection' in input) {
        this.vad = input.turn_detection && { ...defaults, ...input.turn_detection }
      }
      this.say('session.updated', { session })
    },
    'input_audio_buffer.append' ({ audio }) {
      const bytes = Buffer.from(audio, 'base64')
      if (options.heard) fs.appendFileSync(options.heard, bytes)
      this.append(bytes)
    },
    'input_audio_buffer.commit' () {
      if (!this.buffer.length) fail('input_audio_buffer_commit_empty', 'nothing is there')
      this.commit(`item_${++this.ids}`, Buffer.concat(this.buffer))
      this.buffer = []
    },
    'input_audio_buffer.clear' () {
      this.buffer = []
      this.turn = null
      this.say('input_audio_buffer.cleared', {})
    },
    'conversation.item.create' ({ item }) {
      const added = { id: `item_${++this.ids}`, ...item }
      this.items.set(added.id, 0)
      this.say('conversation.item.added', { item: added })
      this.say('conversation.item.done', { item: added })
    },
    'conversation.item.retrieve' ({ item_id: id }) {
      if (!this.items.has(id)) fail('item_retrieve_invalid_item_id', 'no such item')
      this.say('conversation.item.retrieved', { item: { id, type: 'message', role: 'user', status: 'completed', content: [{ type: 'input_audio', transcript: 'Sound of the caller.' }] } })
    },
    'conversation.item.truncate' ({ item_id: id, content_index: index, audio_end_ms: ms }) {
      if (!this.items.has(id)) fail('item_truncate_invalid_item_id', 'no such item')
      const had = this.ms(this.items.get(id) / this.format.width)
      if (ms > had) fail('invalid_value', `only ${had} ms are there`)
      if (!ms) fail('unsupported_content_type', 'nothing of it was heard')
      this.say('conversation.item.truncated', { item_id: id, content_index: index, audio_end_ms: ms })
    },
    'conversation.item.delete' ({ item_id: id }) {
      if (!this.items.delete(id)) fail('item_delete_invalid_item_id', 'no such item')
      this.say('conversation.item.deleted', { item_id: id })
    },
    'response.create' ({ response }) {
      if (this.response) fail('conversation_already_has_active_response', 'one at a time')
      this.respond(response?.instructions)
    },
    'response.cancel' () {
      if (!this.response) fail('response_cancel_not_active', 'there is none')
      this.cancel('client_cancelled')
    }
  }

  // Turns.

  append (bytes) {
    const n = bytes.length / this.format.width
    const loud = level(this.format, bytes) > 500
    this.samples += n
    this.buffer.push(bytes)
    if (!this.vad) return
    this.loud = loud ? this.loud + this.ms(n) : 0
    if (this.turn) {
      this.turn.quiet = loud ? 0 : this.turn.quiet + this.ms(n)
      if (this.turn.quiet >= this.vad.silence_duration_ms) this.stopped()
      return
    }
    while (this.buffer.length > 25) this.buffer.shift()
    if (this.loud >= 60) this.started()
  }

  started () {
    this.turn = { item: `item_${++this.ids}`, quiet: 0 }
    const start = Math.max(0, this.ms(this.samples) - this.loud - this.vad.prefix_padding_ms)
    this.note({ at: Date.now(), speech: 'started', ms: Math.round(start) })
    this.say('input_audio_buffer.speech_started', { audio_start_ms: Math.round(start), item_id: this.turn.item })
    if (this.response && this.vad.interrupt_response) this.cancel('turn_detected')
  }

  stopped () {
    const { item } = this.turn
    const bytes = Buffer.concat(this.buffer)
    this.turn = null
    this.loud = 0
    this.buffer = []
    this.note({ at: Date.now(), speech: 'stopped' })
    this.say('input_audio_buffer.speech_stopped', { audio_end_ms: Math.round(this.ms(this.samples)), item_id: item })
    this.commit(item, bytes)
    if (this.vad.create_response && !this.response) this.respond(null, bytes)
  }

  commit (item, bytes) {
    this.turns++
    this.called = 0 // tools, in this turn
    this.last = bytes
    this.items.set(item, bytes.length)
    this.say('input_audio_buffer.committed', { item_id: item, previous_item_id: null })
    this.say('conversation.item.added', { item: { id: item, type: 'message', role: 'user', content: [{ type: 'input_audio', transcript: null }] } })
    this.say('conversation.item.input_audio_transcription.delta', { item_id: item, content_index: 0, delta: 'Sound' })
    this.say('conversation.item.input_audio_transcription.completed', { item_id: item, content_index: 0, transcript: 'Sound of the caller.' })
  }

  // Answers.

  respond (instructions, said) {
    const id = `resp_${++this.ids}`
    this.response = { id, item: `item_${++this.ids}` }
    this.note({ at: Date.now(), response: id, status: 'in_progress' })
    if (this.number <= options.stall) return
    this.say('response.created', { response: { id, status: 'in_progress' } })
    const tool = options.tool && this.calls.length && (options.arguments ? this.called < 8 : this.turns === 1)
    const sound = options.echo && (said ?? this.last) ? said ?? this.last : tone(this.format, options.answer)
    this.response.timer = setTimeout(() => tool ? this.callTool() : this.speak(sound), options.think)
  }

  callTool () {
    const { id, item } = this.response
    const call = { id: item, type: 'function_call', call_id: `call_${++this.ids}`, name: options.tool, arguments: this.calls.shift() }
    this.called++
    this.say('response.output_item.added', { response_id: id, output_index: 0, item: { ...call, arguments: '' } })
    this.say('response.function_call_arguments.done', { response_id: id, item_id: item, output_index: 0, call_id: call.call_id, name: call.name, arguments: call.arguments })
    this.say('response.output_item.done', { response_id: id, output_index: 0, item: call })
    this.finish('completed')
  }

  speak (sound) {
    const { id, item } = this.response
    const part = { response_id: id, item_id: item, output_index: 0, content_index: 0 }
    const size = Math.round(this.format.rate * options.chunk / 1000) * this.format.width
    const words = options.text.split(/(?= )/)
    let at = 0
    this.items.set(item, 0)
    this.say('response.output_item.added', { response_id: id, output_index: 0, item: { id: item, type: 'message', role: 'assistant', content: [] } })
    this.say('response.content_part.added', { ...part, part: { type: 'audio' } })
    const next = () => {
      if (words.length) this.say('response.output_audio_transcript.delta', { ...part, delta: words.shift() })
      const bytes = sound.subarray(at, at + size)
      at += size
      this.items.set(item, this.items.get(item) + bytes.length)
      this.say('response.output_audio.delta', { ...part, delta: bytes.toString('base64') })
      if (at < sound.length) {
        this.response.timer = setTimeout(next, options.chunk / options.pace)
        return
      }
      this.say('response.output_audio.done', part)
      this.say('response.output_audio_transcript.done', { ...part, transcript: options.text })
      this.say('response.output_item.done', { response_id: id, output_index: 0, item: { id: item, type: 'message', role: 'assistant', content: [{ type: 'output_audio', transcript: options.text }] } })
      this.finish('completed')
    }
    next()
  }

  cancel (reason) {
    clearTimeout(this.response.timer)
    this.finish('cancelled', reason)
  }

  // Tokens: as many as the sizes of what there is to be read, and of what came of it, say.
  count (item) {
    const output = Math.round(this.ms((this.items.get(item) ?? 0) / this.format.width) / 50)
    const input = 100 + 17 * this.items.size
    return { total_tokens: input + output, input_tokens: input, output_tokens: output }
  }

  finish (status, reason) {
    const { id, item } = this.response
    const usage = this.count(item)
    this.response = null
    this.say('response.done', { response: { id, status, status_details: { type: status, reason }, usage } })
    this.note({ at: Date.now(), response: id, status, usage })
  }
}

function isKnown ({ req: request }) {
  const key = process.env.OPENAISERVER_KEY
  return !key || request.headers.authorization === `Bearer ${key}`
}

const server = new WebSocketServer({ port: options.port, host: '127.0.0.1', verifyClient: isKnown })
server.on('listening', () => console.log(`listening on ws://127.0.0.1:${server.address().port}`))
server.on('connection', (socket, request) => {
  if (request.headers['openai-beta']) {
    socket.send(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', code: 'beta_api_shape_disabled', message: 'The beta is over.' } }))
    socket.close(4000)
    return
  }
  const session = new Session(socket)
  socket.on('message', text => session.hear(text.toString()))
  socket.on('error', () => {})
  socket.on('close', () => { if (session.response) clearTimeout(session.response.timer) })
})
