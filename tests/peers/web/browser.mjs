// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// A browser that calls: node browser.mjs URL [MICROPHONE.wav] ACTION...
//   call                press the button, wait until in a call
//   press               press the button and nothing else
//   lines N             until the page shows N lines of transcript
//   said TEXT           until one of them has TEXT
//   state TEXT          until the page's state has TEXT
//   error TEXT          until the page's error has TEXT
//   type TEXT           type instead of speaking
//   click ID            waits until that control can be used
//   key NAME            on the keyboard, "Tab" or "Enter"
//   choose ID N         the option of a list
//   focused ID          that control has the focus
//   is ID NAME VALUE    until an attribute is so, or "text", or "disabled"
//   unread MS           nothing in the state is read aloud again meanwhile
//   fits                nothing is wider than the page
//   microphone-error E  getUserMedia() fails so
//   slow-microphone MS  getUserMedia() takes so long
//   microphones-off     until all are that were opened since slow-microphone
//   answer STATUS BODY  to every call, in place of the server
//   no-answer MS        to any call; what the page lets calls wait is MS from then on
//   end-process PID     the server's, say
//   wait MS
//   record FILE MS      begins to record what the agent says as WAV
//   recorded            until that is done
//   picture MS          how many video frames are decoded, and whether they move
//   screenshot FILE
//   round-trip N        a tick a second in place of the microphone: how long until the
//                       page hears each again, and how much of it is Chromium's buffer
//   pc-close            as a page that does not know better
//   close-tab, kill     the tab, the whole browser
//   result              until window.result is there, and prints it
// WIDTH, HEIGHT and SCHEME (dark) are the screen's; with REFUSE the microphone is not
// allowed. Prints "NAME VALUE" facts; exit code 1 and a sentence if an action fails.

import { chromium } from 'playwright-core';
import { writeFile } from 'node:fs/promises';

const WAIT = 20000;
const [url, ...words] = process.argv.slice(2);
const microphone = words[0]?.endsWith('.wav') ? words.shift() : null;

const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];
if (microphone && !process.env.REFUSE)
  args.push('--use-fake-ui-for-media-stream');
if (microphone)
  args.push('--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${microphone}%noloop`);
const server = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args });
const browser = await chromium.connect(server.wsEndpoint());
const context = await browser.newContext({
  viewport: { width: Number(process.env.WIDTH) || 800, height: Number(process.env.HEIGHT) || 900 },
  colorScheme: process.env.SCHEME || 'light',
});
if (process.env.REFUSE)
  await context.grantPermissions([]); // and no others
const page = await context.newPage();
page.on('pageerror', (error) => console.log('page-error', error.message));
await page.goto(url);

const next = () => words.shift();
let recording;
const has = (selector, text) => page.waitForFunction(([s, t]) =>
  document.querySelector(s).textContent.includes(t), [selector, text], { timeout: WAIT });

// What the agent says, as 16-bit WAV of 8 kHz.
async function record(file, ms) {
  const samples = await page.evaluate(async (time) => {
    const context = new AudioContext({ sampleRate: 8000 });
    const source = context.createMediaStreamSource(document.getElementById('agent-audio').srcObject);
    const tap = context.createScriptProcessor(1024, 1, 1);
    const samples = [];
    tap.onaudioprocess = (event) => {
      for (const x of event.inputBuffer.getChannelData(0))
        samples.push(Math.max(-32768, Math.min(32767, Math.round(x * 32767))));
    };
    source.connect(tap);
    tap.connect(context.destination);
    await new Promise((resolve) => setTimeout(resolve, time));
    context.close();
    return samples;
  }, ms);
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + samples.length * 2, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(8000, 24);
  data.writeUInt32LE(16000, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => data.writeInt16LE(sample, 44 + 2 * i));
  await writeFile(file, data);
}

// Frames, and the share of pixels that differ between some of them.
async function picture(ms) {
  return page.evaluate(async (time) => {
    const video = document.getElementById('agent-video');
    const canvas = new OffscreenCanvas(64, 48).getContext('2d', { willReadFrequently: true });
    const grab = () => {
      canvas.drawImage(video, 0, 0, 64, 48);
      return canvas.getImageData(0, 0, 64, 48).data;
    };
    let moved = 0;
    let before = grab();
    for (let at = 0; at < time; at += 200) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const now = grab();
      moved = Math.max(moved, now.filter((value, i) => Math.abs(value - before[i]) > 20).length);
      before = now;
    }
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    return { frames: totalVideoFrames, moved, shown: !video.hidden, width: video.videoWidth };
  }, ms);
}

// Ticks are made and heard on one clock, that of an AudioContext: when the track that
// is sent has them, and when the one that is received has.
async function roundTrip(ticks) {
  return page.evaluate(async (count) => {
    const { pc } = window.voiceCall;
    const context = new AudioContext({ sampleRate: 48000, latencyHint: 'interactive' });
    const said = context.createMediaStreamDestination();
    const merger = context.createChannelMerger(2);
    const tone = context.createOscillator();
    const gate = context.createGain();
    gate.gain.value = 0;
    tone.frequency.value = 1000;
    tone.connect(gate).connect(said);
    context.createMediaStreamSource(said.stream).connect(merger, 0, 0);
    context.createMediaStreamSource(document.getElementById('agent-audio').srcObject)
      .connect(merger, 0, 1);
    const tap = context.createScriptProcessor(1024, 2, 1);
    const began = [[], []];
    const quiet = [0, 0];
    let position = 0;
    tap.onaudioprocess = ({ inputBuffer }) => {
      for (const side of [0, 1])
        inputBuffer.getChannelData(side).forEach((x, i) => {
          if (Math.abs(x) > 0.05 && position + i - quiet[side] > 9600)
            began[side].push(position + i);
          if (Math.abs(x) > 0.05)
            quiet[side] = position + i;
        });
      position += inputBuffer.length;
    };
    merger.connect(tap).connect(context.destination);
    await pc.getSenders()[0].replaceTrack(said.stream.getAudioTracks()[0]);
    tone.start();
    const first = context.currentTime + 3;
    for (let i = 0; i < count; i++) {
      gate.gain.setValueAtTime(0.5, first + i);
      gate.gain.setValueAtTime(0, first + i + 0.02);
    }
    const buffered = async () => {
      for (const one of (await pc.getStats()).values())
        if (one.type === 'inbound-rtp' && one.kind === 'audio')
          return [one.jitterBufferDelay, one.jitterBufferEmittedCount];
    };
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const before = await buffered();
    await new Promise((resolve) => setTimeout(resolve, count * 1000));
    const after = await buffered();
    const trips = began[0].map((at) => began[1].find((back) => back > at && back - at < 40000) - at)
      .filter((trip) => trip > 0).map((trip) => trip / 48).sort((a, b) => a - b);
    context.close();
    return {
      ticks: trips.length,
      trip_p50: trips[Math.floor(trips.length / 2)]?.toFixed(1),
      trip_p95: trips[Math.floor(trips.length * 0.95)]?.toFixed(1),
      jitter_buffer: ((after[0] - before[0]) / (after[1] - before[1]) * 1000).toFixed(1),
    };
  }, ticks);
}

// Until a control's attribute has the value; "text" is its text, "disabled" a property.
const is = (id, name, value) => page.waitForFunction(([i, n, v]) => {
  const control = document.getElementById(i);
  const properties = { text: control.textContent, disabled: String(control.disabled) };
  return (properties[n] ?? control.getAttribute(n)) === v;
}, [id, name, value], { timeout: WAIT });

function expect(what, ok) {
  if (!ok)
    throw new Error(what);
}

const unread = (ms) => page.evaluate((time) => new Promise((resolve) => {
  let changes = 0;
  const watcher = new MutationObserver((records) => { changes += records.length; });
  watcher.observe(document.getElementById('state'),
    { subtree: true, childList: true, characterData: true });
  setTimeout(() => resolve(changes), time);
}), ms);

const slowMicrophone = (ms) => page.evaluate((time) => {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  window.opened = [];
  devices.getUserMedia = async (constraints) => {
    await new Promise((resolve) => setTimeout(resolve, time));
    const stream = await open(constraints);
    window.opened.push(...stream.getTracks());
    return stream;
  };
}, ms);

const actions = {
  press: () => page.click('#call'),
  call: async () => { await page.click('#call'); await has('#state', 'In a call'); },
  lines: (n = next()) => page.waitForFunction((count) =>
    document.querySelectorAll('#transcript li').length >= count, Number(n), { timeout: WAIT }),
  said: () => has('#transcript', next()),
  state: () => has('#state', next()),
  error: () => has('#error', next()),
  type: async () => { await page.fill('#text', next()); await page.click('#send'); },
  click: () => page.click(`#${next()}:not([aria-disabled="true"])`, { timeout: WAIT }),
  key: () => page.keyboard.press(next()),
  choose: (id = next(), index = next()) => page.selectOption(`#${id}`, { index: Number(index) }),
  focused: async (id = next()) => {
    const got = await page.evaluate(() => document.activeElement.id);
    expect(`the focus is on "${got}", not on "${id}"`, got === id);
  },
  is: (id = next(), name = next(), value = next()) => is(id, name, value),
  unread: async () => {
    const changes = await unread(Number(next()));
    expect(`the state was read aloud ${changes} times`, changes === 0);
  },
  fits: async () => {
    const [needs, has] = await page.evaluate(() =>
      [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(`the page is ${needs} wide on a screen of ${has}`, needs <= has);
  },
  'microphone-error': () => page.evaluate((name) => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('said', name));
  }, next()),
  'slow-microphone': () => slowMicrophone(Number(next())),
  'microphones-off': () => page.waitForFunction(() => window.opened.length &&
    window.opened.every((track) => track.readyState === 'ended'), null, { timeout: WAIT }),
  answer: (status = Number(next()), body = next()) => page.route('**/whip**', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status, body }) : route.continue()),
  'no-answer': async (ms = Number(next())) => {
    await page.route('**/whip**', (route) => {
      if (route.request().method() !== 'POST')
        route.continue();
    });
    await page.evaluate((wait) => {
      const timeout = AbortSignal.timeout.bind(AbortSignal);
      AbortSignal.timeout = (asked) => timeout(asked >= 45000 ? wait : asked);
    }, ms);
  },
  'end-process': () => process.kill(Number(next()), 'SIGKILL'),
  wait: () => page.waitForTimeout(Number(next())),
  record: () => { const file = next(); recording = record(file, Number(next())); },
  recorded: () => recording,
  picture: async () => {
    for (const [name, value] of Object.entries(await picture(Number(next()))))
      console.log(name, value);
  },
  'round-trip': async () => {
    for (const [name, value] of Object.entries(await roundTrip(Number(next()))))
      console.log(name, value);
  },
  screenshot: () => page.screenshot({ path: next(), fullPage: true, animations: 'disabled' }),
  'pc-close': () => page.evaluate(() => window.voiceCall.pc.close()),
  'close-tab': () => page.close({ runBeforeUnload: false }),
  kill: () => server.process().kill('SIGKILL'),
  result: async () => console.log('result', await page.waitForFunction(() => window.result,
    null, { timeout: WAIT }).then((handle) => handle.jsonValue())),
};

let failed = false;
while (words.length && !failed) {
  const action = next();
  try {
    await actions[action]();
    console.log('done', action);
  } catch (error) {
    console.log(`FAILED ${action}: ${error.message}`);
    console.log('state', await page.textContent('#state').catch(() => '?'));
    console.log('error', await page.textContent('#error').catch(() => '?'));
    console.log('transcript', await page.textContent('#transcript').catch(() => '?'));
    failed = true;
  }
}
await Promise.race([server.close().catch(() => {}), new Promise((done) => setTimeout(done, 5000))]);
process.exit(failed ? 1 : 0);
