// SPDX-License-Identifier: LGPL-2.1-or-later
// What ONNX Runtime says of the sound that the test silero hears: 4,000 windows of each
// rate, float32, little-endian. Made once; by hand, as the package is large:
//   npm install --ignore-scripts onnxruntime-node@1.30.0 @livekit/agents-plugin-silero@1.9.0
//   build/tests/logic/logic-silero --input RATE |
//     node reference.mjs RATE node_modules/@livekit/agents-plugin-silero/dist/silero_vad.onnx \
//       >tests/logic/aiagent/silero/RATE.f32
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

const require = createRequire(path.join(process.cwd(), "here.js"));
const { InferenceSession, Tensor } = require("onnxruntime-node");

const rate = Number(process.argv[2]);
const window = rate * 0.032, context = rate * 0.004;
const bytes = fs.readFileSync(0);
const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
const session = await InferenceSession.create(process.argv[3]);
const sr = new Tensor("int64", BigInt64Array.from([BigInt(rate)]), []);
let state = new Tensor("float32", new Float32Array(2 * 128), [2, 1, 128]);
const input = new Float32Array(context + window);
const out = new Float32Array(Math.floor(samples.length / window));

for (let i = 0; i < out.length; i++) {
  input.copyWithin(0, window);
  for (let j = 0; j < window; j++)
    input[context + j] = samples[i * window + j] / 32768;
  const result = await session.run({
    input: new Tensor("float32", input.slice(), [1, input.length]), state, sr });
  out[i] = result.output.data[0];
  state = result.stateN;
}
process.stdout.write(Buffer.from(out.buffer));
