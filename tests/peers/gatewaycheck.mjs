// SPDX-License-Identifier: LGPL-2.1-or-later
// What the gateway writes can be read: gatewaycheck.mjs json FILE counts lines of
// JSON; metrics FILE holds a scrape against Prometheus' text format 0.0.4; metric
// FILE SAMPLE prints the value of one. Ends with code 1 and a sentence.
import { readFileSync } from 'node:fs';

const [, , what, file, sample] = process.argv;
const text = readFileSync(file, 'utf8');

function fail(sentence) {
  console.log(sentence);
  process.exit(1);
}

function objects() {
  if (text && !text.endsWith('\n')) fail('the last line has no end');
  return text.split('\n').filter(Boolean).map((line) => {
    try {
      return JSON.parse(line);
    } catch (error) {
      return fail(`no JSON: ${line}`);
    }
  });
}

function checkLog() {
  const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  for (const object of objects()) {
    const time = object.time ?? object.started;
    if (!rfc3339.test(time)) fail(`no time: ${JSON.stringify(object)}`);
    if (object.event && object.event !== 'gateway/note' &&
        (!object.route || !/^[0-9a-f]{12}$/.test(object.line)))
      fail(`no line: ${JSON.stringify(object)}`);
  }
  console.log(`objects=${objects().length}`);
}

const line =
  /^([a-z_]+)(\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\})? (\S+)$/;

function samples() {
  return text.split('\n').filter((l) => l && !l.startsWith('#')).map((l) => {
    const found = line.exec(l);
    if (!found || Number.isNaN(Number(found[3]))) fail(`no sample: ${l}`);
    return { name: found[1], labels: found[2] ?? '', value: Number(found[3]) };
  });
}

function checkHistogram(name) {
  const buckets = samples().filter((s) => s.name === `${name}_bucket`);
  const values = buckets.map((s) => s.value);
  if (values.some((v, i) => i && v < values[i - 1])) fail(`${name} decreases`);
  if (!buckets.at(-1).labels.includes('le="+Inf"')) fail(`${name} has no end`);
  const count = samples().find((s) => s.name === `${name}_count`);
  if (count.value !== values.at(-1)) fail(`${name}_count differs`);
}

function checkMetrics() {
  const types = new Map();
  if (!text.endsWith('\n')) fail('the last line has no end');
  for (const l of text.split('\n')) {
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(l);
    if (type && types.has(type[1])) fail(`${type[1]} comes twice`);
    if (type) types.set(type[1], type[2]);
    else if (l.startsWith('#') && !/^# HELP \S+ ./.test(l)) fail(`what is ${l}`);
  }
  const names = new Set();
  for (const s of samples()) {
    const base = s.name.replace(/_(bucket|sum|count)$/, '');
    if (!types.has(s.name) && types.get(base) !== 'histogram')
      fail(`${s.name} has no type`);
    if (names.has(s.name + s.labels)) fail(`${s.name}${s.labels} comes twice`);
    names.add(s.name + s.labels);
    if (types.get(s.name) === 'counter' && !s.name.endsWith('_total'))
      fail(`the counter ${s.name} is not called _total`);
  }
  for (const [name, type] of types)
    if (type === 'histogram') checkHistogram(name);
  console.log(`samples=${samples().length}`);
}

if (what === 'json') checkLog();
else if (what === 'metrics') checkMetrics();
else console.log(samples().find((s) => s.name + s.labels === sample)?.value ?? 'none');
