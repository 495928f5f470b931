// SPDX-License-Identifier: LGPL-2.1-or-later
// An agent by jambonz' SDK as it is: a tone, a mark, and what the caller says back when the
// turn is over; the key 1 kills what is being said, # ends the call.
//
//   node jambonzagent.mjs [LOG]    prints "listening on ws://127.0.0.1:PORT/audio"
import fs from 'node:fs'
import http from 'node:http'
import { createEndpoint } from '@jambonz/sdk/websocket'

const log = process.argv[2]
const note = fact => { if (log) fs.appendFileSync(log, JSON.stringify(fact) + '\n') }

function tone (rate, ms) {
  return Buffer.from(Int16Array.from({ length: rate * ms / 1000 },
    (_, i) => i % 32 < 16 ? 6000 : -6000).buffer)
}

const server = http.createServer()
const makeService = createEndpoint({ server })
makeService.audio({ path: '/audio' }).on('connection', stream => {
  const rate = stream.metadata?.sampleRate ?? stream.sampleRate ?? 16000
  note({ connected: { from: stream.from, to: stream.to, callSid: stream.callSid, rate } })
  stream.sendAudio(tone(rate, 3000))
  stream.sendMark('greeting')
  let heard = 0
  stream.on('audio', bytes => { heard += bytes.length })
  stream.on('mark', mark => note({ mark }))
  stream.on('dtmf', key => {
    note({ dtmf: key, heard })
    if (key.digit === '1') stream.killAudio()
    if (key.digit === '2') stream.playAudio(tone(8000, 1000).toString('base64'), { audioContentType: 'raw', sampleRate: 8000 })
    if (key.digit === '#') stream.disconnect()
  })
  stream.on('playDone', done => note({ playDone: done ?? {} }))
  stream.on('close', code => note({ closed: code }))
  stream.on('error', error => note({ error: error.message }))
})
server.listen(0, '127.0.0.1', () =>
  console.log(`listening on ws://127.0.0.1:${server.address().port}/audio`))
