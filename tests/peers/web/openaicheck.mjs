// SPDX-License-Identifier: LGPL-2.1-or-later
// What a call was like, by what openaiserver.mjs has written down:
//
//   node openaicheck.mjs cuts LOG RECORDING   each interruption: what the service was told
//                                             that the caller had heard, beside the
//                                             tones in the recording (8 kHz)
//   node openaicheck.mjs bytes LOG PHONE HEARD  the service heard the very bytes that the
//                                             phone sent (PHONE.sent)
//   node openaicheck.mjs page LOG RECORDING   a browser's call: the first interruption, as
//                                             `cuts`, but for what its buffers make of it
//   node openaicheck.mjs history LOG TEXT RECORDING  a connection was told first what was
//                                             said: the caller's turn, and of TEXT the
//                                             words of the recording's first tone
//   node openaicheck.mjs sounds LOG RECORDING PATTERN  what there is of tone and speech, a regular
//                                             expression: "speech,tone"
import fs from 'node:fs'

const [what, log, ...files] = process.argv.slice(2)
const events = fs.readFileSync(log, 'utf8').trim().split('\n').map(line => JSON.parse(line))

function give_up (why) {
  console.log(`FAILED: ${why}`)
  process.exit(1)
}

// The lengths (ms) of what is loud, between pauses of 100 ms and more.
function tones (wav) {
  const bytes = fs.readFileSync(wav)
  const found = []
  let begin = -1
  let last = -1
  for (let at = 44, i = 0; at + 1 < bytes.length; at += 2, i++) {
    if (Math.abs(bytes.readInt16LE(at)) < 300) continue
    if (begin >= 0 && i - last > 800) {
      found.push((last - begin + 1) / 8)
      begin = -1
    }
    if (begin < 0) begin = i
    last = i
  }
  if (begin >= 0) found.push((last - begin + 1) / 8)
  return found
}

function cuts () {
  const told = events.filter(event => event.type === 'conversation.item.truncate')
    .map(event => event.audio_end_ms)
  const heard = tones(files[0]).slice(0, told.length)
  if (told.length < heard.length || !told.length) give_up(`${told.length} were told, ${heard.length} heard`)
  const errors = told.map((ms, i) => ms - heard[i])
  const worst = Math.max(...errors.map(Math.abs))
  const wrong = events.filter(event => event.error)
  console.log(`cuts=${told.length}`)
  console.log(`worst_ms=${worst.toFixed(1)}`)
  console.log(`mean_ms=${(errors.reduce((a, b) => a + b) / errors.length).toFixed(1)}`)
  console.log(`errors=${wrong.length}`)
  if (wrong.length) give_up(`the service complained: ${wrong.map(event => event.error)}`)
  if (worst > 20) give_up(`told ${told}, heard ${heard}`)
}

function bytes () {
  const sent = fs.readFileSync(`${files[0]}.sent`)
  const heard = fs.readFileSync(files[1])
  const at = sent.indexOf(heard.subarray(0, 8000))
  // What came behind the phone's last look is not in its dump.
  const common = heard.subarray(0, sent.length - at)
  console.log(`service_bytes=${heard.length}`)
  if (at < 0 || !common.equals(sent.subarray(at, at + common.length))) give_up('the service heard other bytes than were sent')
  if (common.length < sent.length * 0.9) give_up(`the service heard ${common.length} of ${sent.length} bytes`)
}

function page () {
  const told = events.filter(event => event.type === 'conversation.item.truncate')
  const wrong = events.filter(event => event.error)
  if (wrong.length) give_up(`the service complained: ${wrong.map(event => event.error)}`)
  if (!told.length) give_up('the service was told of no interruption')
  const heard = sounds(files[0]).find(sound => sound.kind === 'tone')
  if (!heard) give_up('the tone was not heard')
  console.log(`told_ms=${told[0].audio_end_ms}`)
  console.log(`heard_ms=${heard.ms}`)
  if (Math.abs(told[0].audio_end_ms - heard.ms) > 500) give_up('that is not what was heard')
}

// Runs of tone and of other sound, between pauses of 400 ms, which a sentence has not.
function sounds (wav) {
  const WINDOW = 200 // samples: 25 ms
  const bytes = fs.readFileSync(wav)
  const found = []
  for (let at = 44, ms = 0; at + 2 * WINDOW <= bytes.length; at += 2 * WINDOW, ms += 25) {
    let all = 0
    let re = 0
    let im = 0
    for (let i = 0; i < WINDOW; i++) {
      const sample = bytes.readInt16LE(at + 2 * i)
      all += sample * sample
      re += sample * Math.cos(2 * Math.PI * i / 8)
      im += sample * Math.sin(2 * Math.PI * i / 8)
    }
    if (all < WINDOW * 300 * 300) continue
    const kind = 2 * (re * re + im * im) / WINDOW / all > 0.7 ? 'tone' : 'speech'
    const last = found[found.length - 1]
    if (last && last.kind === kind && ms - last.end < 400) last.end = ms + 25
    else found.push({ kind, begin: ms, end: ms + 25 })
  }
  // The edge of a tone, a vowel that is as pure as one.
  return found.map(sound => ({ ...sound, ms: sound.end - sound.begin })).filter(sound => sound.ms >= 300)
}

function list_sounds () {
  const [wav, wanted] = files
  const heard = sounds(wav)
  for (const { kind, begin, end } of heard) console.log(`${kind}=${begin}-${end}`)
  if (!new RegExp(`^${wanted}$`).test(heard.map(sound => sound.kind).join())) give_up(`that is not ${wanted}`)
}

function history () {
  const [text, wav] = files
  const said = events.filter(event => event.type && event.type !== 'session.update')
  const items = said.slice(0, 2).map(({ item }) => item)
  if (items.map(item => item?.role).join() !== 'user,assistant') give_up(`it was told ${JSON.stringify(said.slice(0, 3))}`)
  if (said[2]?.type !== 'response.create') give_up('it was not asked for an answer then')
  const [asked, answered] = items.map(item => item.content.map(part => part.text).join(''))
  const words = answered.split(' ').length
  const heard = sounds(wav).find(sound => sound.kind === 'tone')
  console.log(`asked="${asked}"`)
  console.log(`words=${words}`)
  console.log(`tone_ms=${heard?.ms}`)
  if (asked !== 'Sound of the caller.') give_up('that is not what the caller said')
  if (!`${text} `.startsWith(`${answered} `) || answered === text) give_up(`the agent did not say "${answered}" until then`)
  // A word comes with each 200 ms.
  if (!heard || Math.abs(words * 200 - heard.ms) > 300) give_up('that is not what was heard')
}

const checks = { cuts, bytes, page, sounds: list_sounds, history }
if (!(what in checks)) give_up(`what is ${what}?`)
checks[what]()
