// SPDX-License-Identifier: LGPL-2.1-or-later
// How late marks came back, by what was recorded: the answers of a call that nothing cut off.
//
//   node markcheck.mjs LOG BEGIN-US    of twiliobot.mjs; when the first sound of the first
//                                      answer was heard, CLOCK_MONOTONIC
import fs from 'node:fs'

const [log, begin] = process.argv.slice(2)
const due = new Map() // name -> µs
let bytes = 0
let latest = -Infinity
let earliest = Infinity
let n = 0
for (const line of fs.readFileSync(log, 'utf8').trim().split('\n')) {
  const { at, bot, carrier } = JSON.parse(line)
  if (bot?.event === 'media') bytes += bot.media.payload
  if (bot?.event === 'mark') due.set(bot.mark.name, Number(begin) + bytes * 125)
  if (carrier?.event !== 'mark' || !due.has(carrier.mark.name)) continue
  const late = (at - due.get(carrier.mark.name)) / 1000
  latest = Math.max(latest, late)
  earliest = Math.min(earliest, late)
  n++
}
console.log(`marks=${due.size}\nreturned=${n}\nearliest_ms=${earliest.toFixed(1)}\nlatest_ms=${latest.toFixed(1)}`)
