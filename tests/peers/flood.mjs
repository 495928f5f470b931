// SPDX-License-Identifier: LGPL-2.1-or-later
// Strangers who cost money: INVITEs and offers from ten sources, 127.0.0.2 to 127.0.0.11,
// and a count of how each ended, one a line: "invite 403 500", "offer 401 500".
//   node flood.mjs NAME=VALUE...
//
// invites, offers   how many of each, from one source after the other (0)
// sip               HOST:PORT and uri; url, offer: a WHIP resource, a file with the SDP
// token, holders    Bearer token, and how many of the sources, from the first, have it
// rate              of each kind, a second (100)
// hold              ms that a call which is taken lasts; 0: until SIGTERM
import crypto from 'node:crypto'
import dgram from 'node:dgram'
import fs from 'node:fs'
import http from 'node:http'

const options = { invites: 0, offers: 0, sip: '', uri: '', url: '', offer: '', token: '',
  holders: 0, rate: 100, hold: 300 }
for (const argument of process.argv.slice(2)) {
  const at = argument.indexOf('=')
  const name = argument.slice(0, at)
  if (!(name in options)) throw new Error(`what is ${name}?`)
  const value = argument.slice(at + 1)
  options[name] = typeof options[name] === 'number' ? Number(value) : value
}

const PATIENCE = 10000 // ms for an answer
const random = () => crypto.randomBytes(8).toString('hex')
const counts = new Map()
const held = [] // what is to be ended in the end

function count (name) {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function leave (end) {
  if (options.hold) setTimeout(end, options.hold)
  else held.push(end)
}

// ---- A telephone for each source

class Phone {
  constructor (address) {
    const [host, port] = options.sip.split(':')
    this.far = { host, port: Number(port) }
    this.address = address
    this.calls = new Map() // Call-ID -> call
    this.socket = dgram.createSocket('udp4')
    this.socket.on('message', text => this.hear(String(text)))
  }

  bind () {
    return new Promise(resolve => this.socket.bind(0, this.address, resolve))
  }

  send (lines, body = '') {
    const text = [...lines, `Content-Length: ${body.length}`, '', body].join('\r\n')
    this.socket.send(text, this.far.port, this.far.host)
  }

  request (call, method, number, branch, body) {
    const own = `${this.address}:${this.socket.address().port}`
    this.send([`${method} ${method === 'INVITE' ? options.uri : call.contact ?? options.uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};branch=${branch};rport`, 'Max-Forwards: 70',
      `From: <sip:flood@${own}>;tag=${call.tag}`, `To: ${call.to}`, `Call-ID: ${call.id}`,
      `CSeq: ${number} ${method}`, `Contact: <sip:flood@${own}>`,
      ...(body ? ['Content-Type: application/sdp'] : [])], body)
  }

  invite () {
    const call = { id: random(), tag: random(), to: `<${options.uri}>`, branch: `z9hG4bK${random()}` }
    const sdp = ['v=0', `o=- 1 1 IN IP4 ${this.address}`, 's=-', `c=IN IP4 ${this.address}`,
      't=0 0', 'm=audio 9 RTP/AVP 0', ''].join('\r\n')
    this.calls.set(call.id, call)
    return new Promise(resolve => {
      call.done = status => {
        call.done = () => {}
        clearTimeout(call.timer)
        clearInterval(call.again)
        count(`invite ${status}`)
        resolve()
      }
      call.timer = setTimeout(() => call.done('none'), PATIENCE)
      const send = () => this.request(call, 'INVITE', 1, call.branch, sdp)
      call.again = setInterval(send, 1000)
      send()
    })
  }

  hear (text) {
    const header = name => text.match(new RegExp(`^${name}: *(.*?)\r$`, 'mi'))?.[1] ?? ''
    const call = this.calls.get(header('Call-ID'))
    const first = text.slice(0, text.indexOf('\r'))
    const status = Number(first.match(/^SIP\/2.0 (\d+)/)?.[1])
    if (!status) {
      const same = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(name => `${name}: ${header(name)}`)
      if (!first.startsWith('ACK')) this.send(['SIP/2.0 200 OK', ...same])
      if (call) call.over = true
      return
    }
    if (!call || !header('CSeq').includes('INVITE')) return
    clearInterval(call.again)
    if (status < 200) return
    call.to = header('To')
    if (status >= 300) {
      this.request(call, 'ACK', 1, call.branch)
    } else {
      call.contact = header('Contact').match(/<(.*?)>/)?.[1]
      this.request(call, 'ACK', 1, `z9hG4bK${random()}`)
      if (!call.up) leave(() => call.over || this.request(call, 'BYE', 2, `z9hG4bK${random()}`))
      call.up = true
    }
    call.done(status)
  }
}

// ---- Browsers

function ask (method, url, localAddress, token, body) {
  const headers = { 'Content-Type': 'application/sdp', 'Content-Length': Buffer.byteLength(body) }
  if (token) headers.Authorization = `Bearer ${token}`
  return new Promise(resolve => {
    const request = http.request(url, { method, localAddress, headers, timeout: PATIENCE, agent: false })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve({ status: 'none' }))
    request.on('response', response => {
      response.resume()
      response.on('close', () => resolve({ status: response.statusCode, location: response.headers.location }))
    })
    request.end(body)
  })
}

async function offer (address, token, sdp) {
  const { status, location } = await ask('POST', options.url, address, token, sdp)
  count(`offer ${status}`)
  if (location) leave(() => ask('DELETE', new URL(location, options.url), address, token, ''))
}

// ---- All of it

const sources = [...Array(10).keys()].map(i => `127.0.0.${i + 2}`)
const asked = []

function each (many, begin) {
  if (!many) return Promise.resolve()
  return new Promise(resolve => {
    let n = 0
    const timer = setInterval(() => {
      asked.push(begin(n % sources.length))
      if (++n < many) return
      clearInterval(timer)
      resolve()
    }, 1000 / options.rate)
  })
}

const phones = options.invites ? sources.map(address => new Phone(address)) : []
await Promise.all(phones.map(phone => phone.bind()))
const sdp = options.offers ? fs.readFileSync(options.offer, 'utf8') : ''
await Promise.all([
  each(options.invites, i => phones[i].invite()),
  each(options.offers, i => offer(sources[i], i < options.holders ? options.token : '', sdp))
])
await Promise.all(asked)
for (const [name, n] of [...counts].sort()) console.log(`${name} ${n}`)
console.log('over')
if (!options.hold) await new Promise(resolve => { process.on('SIGTERM', resolve); setTimeout(resolve, 60000) })
held.forEach(end => end())
setTimeout(() => process.exit(0), options.hold + 500)
