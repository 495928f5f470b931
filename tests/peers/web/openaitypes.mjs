// SPDX-License-Identifier: LGPL-2.1-or-later
// Events of a client, one a line, as a program in TypeScript that is right if all of them
// are of the type that OpenAI's package has for them.
//
//   node openaitypes.mjs EVENTS PROGRAM.ts [TYPE...]     there must be some of each TYPE
import fs from 'node:fs'

const [from, to, ...needed] = process.argv.slice(2)
const seen = new Set()
const kinds = {}
const lines = ["import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime'"]

for (const line of fs.readFileSync(from, 'utf8').trim().split('\n')) {
  const event = JSON.parse(line)
  kinds[event.type] = (kinds[event.type] ?? 0) + 1
  // Alike but for these: once.
  for (const name of ['audio', 'event_id']) if (typeof event[name] === 'string') event[name] = 'AAAA'
  const text = JSON.stringify(event)
  if (seen.has(text)) continue
  seen.add(text)
  lines.push(`export const event${seen.size}: RealtimeClientEvent = ${text}`)
}
// What is wrong is found.
for (const wrong of [
  { type: 'session.update', session: { type: 'realtime', voice: 'marin' } },
  { type: 'session.update', session: { type: 'realtime', audio: { input: { format: { type: 'audio/pcm', rate: 8000 } } } } },
  { type: 'conversation.item.truncate', item_id: 'I', content_index: 0 },
  { type: 'response.creat' }
]) lines.push('// @ts-expect-error', `export const wrong${lines.length}: RealtimeClientEvent = ${JSON.stringify(wrong)}`)
fs.writeFileSync(to, lines.join('\n') + '\n')

const missing = needed.filter(type => !kinds[type])
if (missing.length) throw new Error(`never sent: ${missing}`)
console.log(`events=${Object.values(kinds).reduce((a, b) => a + b)} different=${seen.size} types=${Object.keys(kinds).length}`)
