// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// What the agent says, as 16-bit WAV of 8 kHz.

import { writeFile } from 'node:fs/promises';

const RATE = 8000;

// In the page: sample by sample, as it is played.
async function tap(ms, rate) {
  const context = new AudioContext({ sampleRate: rate });
  const source = context.createMediaStreamSource(document.getElementById('agent-audio').srcObject);
  const processor = context.createScriptProcessor(1024, 1, 1);
  const samples = [];
  processor.onaudioprocess = (event) => samples.push(...event.inputBuffer.getChannelData(0));
  source.connect(processor);
  processor.connect(context.destination);
  await new Promise((resolve) => setTimeout(resolve, ms));
  context.close();
  return samples;
}

// In the page: compressed; for Firefox, whose AudioContext stands still on a machine
// without a sound device.
async function recorder(ms, rate) {
  const recording = new MediaRecorder(document.getElementById('agent-audio').srcObject);
  const parts = [];
  recording.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => { recording.onstop = resolve; });
  recording.start();
  await new Promise((resolve) => setTimeout(resolve, ms));
  recording.stop();
  await stopped;
  const data = await new Blob(parts).arrayBuffer();
  const audio = await new OfflineAudioContext(1, 1, rate).decodeAudioData(data);
  return [...audio.getChannelData(0)];
}

function wav(samples) {
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + samples.length * 2, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(RATE, 24);
  data.writeUInt32LE(2 * RATE, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((x, i) => data.writeInt16LE(
    Math.max(-32768, Math.min(32767, Math.round(x * 32767))), 44 + 2 * i));
  return data;
}

// Records for @ms what @page plays of the agent into @file.
export async function record(page, file, ms) {
  const isFirefox = (await page.browser().version()).startsWith('firefox');
  const samples = await page.evaluate(isFirefox ? recorder : tap, ms, RATE);
  await writeFile(file, wav(samples));
}
