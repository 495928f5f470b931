// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// A browser that calls: node browser.mjs URL [MICROPHONE.wav] ACTION...
//   call                press the button, wait until in a call
//   press               press the button and nothing else
//   lines N             until the page shows N lines of transcript
//   said TEXT           until one of them has TEXT
//   state TEXT          until the page's state has TEXT
//   error TEXT          until the page's error has TEXT
//   shows ID TEXT       until that element has TEXT
//   type TEXT           type instead of speaking
//   click ID            waits until that control can be used
//   key NAME            on the keyboard, "Tab" or "Shift+Tab"
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
// allowed; BROWSER may be firefox. Prints "NAME VALUE" facts; exit code 1 and a sentence if an action fails.

import { launch } from './launch.mjs';
import { record } from './record.mjs';

const WAIT = 60000; // a busy machine may starve a browser for long
const [url, ...words] = process.argv.slice(2);
const microphone = words[0]?.endsWith('.wav') ? words.shift() : null;

const { browser, page } = await launch({
  url,
  microphone,
  browser: process.env.BROWSER,
  refuse: Boolean(process.env.REFUSE),
  width: Number(process.env.WIDTH) || 800,
  height: Number(process.env.HEIGHT) || 900,
  scheme: process.env.SCHEME || 'light',
});
page.setDefaultTimeout(WAIT);
page.on('pageerror', (error) => console.log('page-error', error.message));
await page.goto(url);

const next = () => words.shift();
let recording;
const has = (selector, text) => page.waitForFunction((s, t) =>
  document.querySelector(s).textContent.includes(t), {}, selector, text);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const text = (selector) => page.$eval(selector, (found) => found.textContent)
  .catch(() => '?');

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
const is = (id, name, value) => page.waitForFunction((i, n, v) => {
  const control = document.getElementById(i);
  const properties = { text: control.textContent, disabled: String(control.disabled) };
  return (properties[n] ?? control.getAttribute(n)) === v;
}, {}, id, name, value);

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

// Does @post with every call's offer from now on, in place of the server.
let intercepted;
async function intercept(post) {
  const isFirst = !intercepted;
  intercepted = post;
  if (!isFirst)
    return;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/whip'))
      intercepted(request);
    else
      request.continue();
  });
}

async function pressKeys(keys) {
  const last = keys.pop();
  for (const key of keys)
    await page.keyboard.down(key);
  await page.keyboard.press(last);
  for (const key of keys)
    await page.keyboard.up(key);
}

const actions = {
  press: () => page.locator('#call').click(),
  call: async () => { await page.locator('#call').click(); await has('#state', 'In a call'); },
  lines: (n = next()) => page.waitForFunction((count) =>
    document.querySelectorAll('#transcript li').length >= count, {}, Number(n)),
  said: () => has('#transcript', next()),
  state: () => has('#state', next()),
  error: () => has('#error', next()),
  shows: (id = next()) => has(`#${id}`, next()),
  type: async () => {
    await page.locator('#text').fill(next());
    await page.locator('#send').click();
  },
  click: () => page.locator(`#${next()}:not([aria-disabled="true"])`).click(),
  key: () => pressKeys(next().split('+')),
  choose: (id = next(), index = next()) => page.$eval(`#${id}`, (list, i) => {
    list.selectedIndex = i;
    list.dispatchEvent(new Event('input', { bubbles: true }));
    list.dispatchEvent(new Event('change', { bubbles: true }));
  }, Number(index)),
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
    window.opened.every((track) => track.readyState === 'ended')),
  answer: (status = Number(next()), body = next()) =>
    intercept((request) => request.respond({ status, body })),
  'no-answer': async (ms = Number(next())) => {
    await intercept(() => {});
    await page.evaluate((wait) => {
      const timeout = AbortSignal.timeout.bind(AbortSignal);
      AbortSignal.timeout = (asked) => timeout(asked >= 45000 ? wait : asked);
    }, ms);
  },
  'end-process': () => process.kill(Number(next()), 'SIGKILL'),
  wait: () => pause(Number(next())),
  record: () => { const file = next(); recording = record(page, file, Number(next())); },
  recorded: () => recording,
  picture: async () => {
    for (const [name, value] of Object.entries(await picture(Number(next()))))
      console.log(name, value);
  },
  'round-trip': async () => {
    for (const [name, value] of Object.entries(await roundTrip(Number(next()))))
      console.log(name, value);
  },
  screenshot: () => page.screenshot({ path: next(), fullPage: true }),
  'pc-close': () => page.evaluate(() => window.voiceCall.pc.close()),
  'close-tab': () => page.close({ runBeforeUnload: false }),
  kill: () => browser.process().kill('SIGKILL'),
  result: async () => console.log('result', await page.waitForFunction(() => window.result)
    .then((handle) => handle.jsonValue())),
};

let failed = false;
while (words.length && !failed) {
  const action = next();
  try {
    await actions[action]();
    console.log('done', action);
  } catch (error) {
    console.log(`FAILED ${action}: ${error.message}`);
    console.log('state', await text('#state'));
    console.log('error', await text('#error'));
    console.log('transcript', await text('#transcript'));
    failed = true;
  }
}
await Promise.race([browser.close().catch(() => {}), pause(5000)]);
process.exit(failed ? 1 : 0);
