// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// One call: microphone -> WHIP (RFC 9725, audio both ways) -> agent. What is said and
// how quickly comes on the data channel "oai-events", in the events of OpenAI's
// Realtime API.

const byId = (id) => document.getElementById(id);
const ui = Object.fromEntries(['call', 'mute', 'stop', 'microphone', 'state', 'clock',
  'error', 'transcript', 'hint', 'text', 'send', 'write', 'turnaround', 'stages', 'roundtrip']
  .map((id) => [id, byId(id)]));

const CONSTRAINTS = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const LOST_AFTER = 5000; // ms without connection
const ANSWER_WITHIN = 15000; // ms for one request
const CALL_WITHIN = 45000; // ms for an offer: it may wait 30 s for a line (busy-wait)
const CANDIDATE_DELAY = 50; // ms in which candidates are collected for one PATCH

const token = readToken();
const endpoint = '/whip' + location.pathname.replace(/\/(index\.html)?$/, '');

window.voiceCall = { pc: null };
let call = null;

// URLSearchParams would make a space of each +, which base64 has.
function readToken() {
  const text = /[#&]token=([^&]*)/.exec(location.hash)?.[1];
  try {
    return text && decodeURIComponent(text);
  } catch { // a % that means itself
    return text;
  }
}

// ---- Words for people

class CallError extends Error {}

function explain(error) {
  if (error instanceof CallError)
    return error.message;
  switch (error.name) {
    case 'NotAllowedError':
      return 'The microphone was not allowed. Allow it for this page in the browser’s ' +
        'address bar, then call again.';
    case 'NotFoundError':
      return 'No microphone was found. Plug one in, then call again.';
    case 'NotReadableError':
      return 'The microphone is in use by another program, or switched off.';
    case 'OverconstrainedError':
      return 'That microphone is gone. Choose another one.';
    default:
      console.error(error);
      return `The call could not be made (${error.message}).`;
  }
}

function explainStatus(status, detail) {
  switch (status) {
    case 401:
      return 'This line needs a token. Open the page with the address you were given, ' +
        'which ends in #token=…';
    case 403:
      return 'The server refuses calls from this page.';
    case 404:
      return 'There is no such line here. Check the address of the page.';
    case 503:
      return detail || 'The line is busy. Please try again in a moment.';
    default:
      return `The server refused the call. ${detail || ''}`;
  }
}

function showError(text) {
  ui.error.textContent = text;
  ui.error.hidden = !text;
  if (text)
    ui.error.scrollIntoView({ block: 'nearest' });
}

function showState(text) {
  if (ui.state.textContent !== text)
    ui.state.textContent = text;
}

// Beside the state, which is read aloud whenever it changes.
function showClock(seconds) {
  ui.clock.textContent =
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

// ---- HTTP

async function request(url, method, type, body, more = {}) {
  const headers = { ...(type && { 'Content-Type': type }), ...more.headers };
  if (token)
    headers.Authorization = `Bearer ${token}`;
  try {
    const response = await fetch(url, { method, headers, body, keepalive: more.keepalive,
      signal: AbortSignal.timeout(more.within ?? ANSWER_WITHIN) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw new CallError(error.name === 'TimeoutError'
      ? 'The server does not answer. Please try again in a moment.'
      : 'The server cannot be reached. Is it still running?');
  }
}

async function post(sdp) {
  const { status, headers, text } = await request(endpoint, 'POST', 'application/sdp', sdp,
    { within: CALL_WITHIN });
  if (status === 201)
    return { answer: text, url: headers.get('Location') };
  let detail = '';
  try {
    detail = JSON.parse(text).detail;
  } catch { /* a proxy's page */ }
  throw new CallError(explainStatus(status, detail));
}

// Link: <turn:host?transport=udp>; rel="ice-server"; username="u"; credential="p"
function iceServersOf(link) {
  const servers = [];
  for (const [, url, rest] of (link || '').matchAll(/<([^>]+)>([^<]*)/g)) {
    const parameter = (name) => new RegExp(`${name}="([^"]*)"`).exec(rest)?.[1];
    if (parameter('rel') === 'ice-server')
      servers.push({ urls: url, username: parameter('username'), credential: parameter('credential') });
  }
  return servers;
}

async function fetchIceServers() {
  const response = await request(endpoint, 'OPTIONS');
  return iceServersOf(response.headers.get('Link'));
}

// ---- Level meters

class Levels {
  constructor() {
    this.context = new AudioContext();
    this.meters = [];
    this.frame = requestAnimationFrame(() => this.update());
  }

  add(stream, meter) {
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 512;
    this.context.createMediaStreamSource(stream).connect(analyser);
    this.meters = this.meters.filter((one) => one.meter !== meter);
    this.meters.push({ analyser, meter, data: new Float32Array(analyser.fftSize), level: 0 });
  }

  update() {
    for (const one of this.meters) {
      one.analyser.getFloatTimeDomainData(one.data);
      const power = one.data.reduce((sum, x) => sum + x * x, 0) / one.data.length;
      const level = Math.max(0, 1 + Math.log10(power + 1e-6) / 6); // -60..0 dB
      one.level = Math.max(level, one.level * 0.9);
      one.meter.value = one.level;
    }
    this.frame = requestAnimationFrame(() => this.update());
  }

  close() {
    cancelAnimationFrame(this.frame);
    for (const one of this.meters)
      one.meter.value = 0;
    this.context.close();
  }
}

// ---- Transcript

function addLine(role, text, rejected) {
  const list = ui.transcript;
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const item = document.createElement('li');
  const who = document.createElement('span');
  item.dataset.role = role;
  who.className = 'who';
  who.textContent = role === 'agent' ? 'Agent' : 'You';
  item.classList.toggle('rejected', rejected);
  item.append(who, text);
  list.append(item);
  ui.hint.hidden = true;
  if (atEnd) // or else somebody reads further up
    list.scrollTop = list.scrollHeight;
  if (list.scrollHeight > list.clientHeight)
    list.tabIndex = 0; // arrow keys scroll it
  return item.lastChild;
}

function clearLines() {
  ui.transcript.replaceChildren();
  ui.transcript.removeAttribute('tabindex');
  ui.hint.hidden = false;
}

// ---- Charts

const SVG = 'http://www.w3.org/2000/svg';

// Where the time of an answer went, in this order; the whole where nobody says.
const STAGES = ['decision', 'agent', 'playing', 'whole'];

function drawBars(svg, turns) {
  const last = turns.slice(-20);
  const max = Math.max(...last.map(turn => turn.ms), 500);
  svg.replaceChildren(...last.flatMap((turn, i) => {
    let top = 60;
    return STAGES.filter(stage => turn[stage]).map(stage => {
      const bar = document.createElementNS(SVG, 'rect');
      const height = Math.max(1, turn[stage] / max * 56);
      top -= height;
      for (const [name, number] of Object.entries({ x: i * 15 + 2, y: top, width: 11, height }))
        bar.setAttribute(name, number);
      bar.setAttribute('class', stage);
      return bar;
    });
  }));
}

// metadata: of response.created
function stagesOf(metadata) {
  const ms = Number(metadata?.turn_around_ms) || 0;
  if (!metadata?.decision_ms)
    return { ms, whole: ms };
  const decision = Number(metadata.decision_ms), agent = Number(metadata.agent_ms);
  return { ms, decision, agent, playing: Math.max(0, ms - decision - agent) };
}

function sayStages(turn) {
  const parts = turn.whole === undefined
    ? [['end of turn', turn.decision], ['agent', turn.agent], ['on its way out', turn.playing]]
    : [];
  ui.stages.textContent = parts.map(([name, ms]) => `${name} ${Math.round(ms)} ms`).join(' · ');
}

function drawLine(svg, values) {
  const last = values.slice(-60);
  const max = Math.max(...last, 20);
  const line = document.createElementNS(SVG, 'polyline');
  line.setAttribute('points', last.map((v, i) => `${i * 5},${58 - v / max * 54}`).join(' '));
  svg.replaceChildren(line);
}

function clearFigures() {
  for (const name of ['turnaround', 'roundtrip']) {
    ui[name].textContent = '–';
    byId(`${name}-chart`).replaceChildren();
  }
  ui.stages.textContent = '';
}

// ---- The call

class Call {
  constructor() {
    this.candidates = [];
    this.turnAround = [];
    this.roundTrip = [];
    this.ended = false;
  }

  async begin() {
    if (!navigator.mediaDevices)
      throw new CallError('Browsers give a microphone to pages of this computer (localhost) or ' +
        'over https only. Open the page at an https address.');
    showState('Asking for the microphone…');
    this.stream = await openMicrophone();
    if (this.ended) {
      stopStream(this.stream);
      return;
    }
    showState('Connecting…');
    this.levels = new Levels();
    this.levels.add(this.stream, byId('level-caller'));
    const iceServers = await fetchIceServers();
    if (this.ended)
      return;
    this.connect(iceServers);
    await this.pc.setLocalDescription();
    const { answer, url } = await post(this.pc.localDescription.sdp);
    this.url = url;
    if (this.ended) {
      this.leave();
      return;
    }
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
    this.sendCandidates();
  }

  connect(iceServers) {
    const pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    this.pc = window.voiceCall.pc = pc;
    this.sender = pc.addTransceiver(this.stream.getAudioTracks()[0],
      { streams: [this.stream] }).sender;
    pc.addTransceiver('video', { direction: 'recvonly' });
    this.channel = pc.createDataChannel('oai-events');
    this.channel.onmessage = (message) => this.take(JSON.parse(message.data));
    this.channel.onclose = () => this.lose();
    pc.ontrack = (event) => this.play(event.track);
    pc.onicecandidate = (event) => this.collect(event.candidate);
    pc.onconnectionstatechange = () => this.watch();
  }

  play(track) {
    const stream = new MediaStream([track]);
    if (track.kind === 'audio') {
      byId('agent-audio').srcObject = stream;
      this.levels.add(stream, byId('level-agent'));
      return;
    }
    const video = byId('agent-video');
    video.srcObject = stream;
    video.onresize = () => { video.hidden = !video.videoWidth; };
  }

  // Candidates of the offer are known; later ones go together in one PATCH.
  collect(candidate) {
    if (candidate?.candidate)
      this.candidates.push(candidate);
    if (this.url && !this.timer)
      this.timer = setTimeout(() => this.sendCandidates(), CANDIDATE_DELAY);
  }

  sendCandidates() {
    this.timer = null;
    const known = this.pc.currentLocalDescription?.sdp ?? '';
    const fresh = this.candidates.splice(0);
    if (!fresh.length || this.ended)
      return;
    const credential = (name) => new RegExp(`a=ice-${name}:\\S+`).exec(known)?.[0] ?? '';
    const lines = [credential('ufrag'), credential('pwd')];
    for (const one of fresh)
      lines.push('m=audio 9 UDP/TLS/RTP/SAVPF 0', `a=mid:${one.sdpMid}`, `a=${one.candidate}`);
    request(this.url, 'PATCH', 'application/trickle-ice-sdpfrag', lines.join('\r\n') + '\r\n',
      { headers: { 'If-Match': '*' } }).catch(() => {});
  }

  watch() {
    const state = this.pc.connectionState;
    clearTimeout(this.lost);
    if (state === 'connected')
      this.up();
    else if (state === 'failed' || state === 'closed')
      this.lose();
    else if (state === 'disconnected')
      this.lost = setTimeout(() => this.lose(), LOST_AFTER);
  }

  up() {
    if (this.since)
      return;
    this.since = Date.now();
    this.clock = setInterval(() => this.tick(), 1000);
    setInCall(true);
    showState('In a call');
    this.tick();
  }

  async tick() {
    showClock(Math.floor((Date.now() - this.since) / 1000));
    const stats = await this.pc.getStats();
    for (const one of stats.values()) {
      if (one.type !== 'candidate-pair' || !one.nominated || one.currentRoundTripTime === undefined)
        continue;
      const ms = one.currentRoundTripTime * 1000;
      this.roundTrip.push(ms);
      ui.roundtrip.textContent = `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
      drawLine(byId('roundtrip-chart'), this.roundTrip);
      break;
    }
  }

  // What was written; what was spoken comes as a transcription.
  added(item) {
    const text = item.content?.map((part) => part.text ?? '').join(' ');
    if (item.role === 'user' && text)
      addLine('caller', text, false);
  }

  // The agent's words stand there as they begin, and in the end those that were heard.
  says(id, words) {
    if (this.saying?.id === id)
      this.saying.text.data += words;
    else
      this.saying = { id, text: addLine('agent', words, false) };
  }

  said(id, words) {
    if (this.saying?.id !== id)
      addLine('agent', words, false);
    else if (this.saying.text.data !== words) // or else it is read aloud again
      this.saying.text.data = words;
    this.saying = null;
  }

  unsaid() {
    this.saying?.text.parentNode.remove();
    this.saying = null;
  }

  measured(turn) {
    this.turnAround.push(turn);
    ui.turnaround.textContent = `${Math.round(turn.ms)} ms`;
    sayStages(turn);
    drawBars(byId('turnaround-chart'), this.turnAround);
  }

  take(event) {
    switch (event.type) {
      case 'input_audio_buffer.speech_stopped':
        this.stopped = performance.now();
        break;
      case 'conversation.item.input_audio_transcription.completed':
        addLine('caller', event.transcript, false);
        break;
      case 'conversation.item.input_audio_transcription.failed':
        addLine('caller', '… (not understood)', true); // nobody knows what was said
        break;
      case 'conversation.item.added':
        this.added(event.item);
        break;
      case 'response.output_audio_transcript.delta':
        this.says(event.item_id, event.delta);
        break;
      case 'response.output_audio_transcript.done':
        this.said(event.item_id, event.transcript);
        break;
      case 'response.done':
        this.unsaid();
        break;
      case 'response.created':
        this.reported = stagesOf(event.response?.metadata);
        break;
      case 'output_audio_buffer.started':
        setTalking(true);
        if (this.reported?.ms)
          this.measured(this.reported);
        else if (this.stopped)
          this.measured({ ms: performance.now() - this.stopped, whole: performance.now() - this.stopped });
        this.stopped = 0;
        this.reported = null;
        break;
      case 'output_audio_buffer.stopped':
      case 'output_audio_buffer.cleared':
        setTalking(false);
        break;
      case 'voice.call.ended':
        this.end('');
        break;
      case 'error':
        showError(event.error?.message ?? 'The agent reports an error.');
        break;
    }
  }

  send(event) {
    if (this.channel?.readyState === 'open')
      this.channel.send(JSON.stringify(event));
  }

  write(text) {
    this.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
    });
    this.send({ type: 'response.create' });
  }

  lose() {
    this.end(this.since
      ? 'The connection was lost. Check your network, then call again.'
      : 'The server answered, but no connection came about. A firewall may block calls: ' +
        'try another network.');
  }

  // The server learns it first: the session is then over, whatever the browser does next.
  leave() {
    if (this.url)
      request(this.url, 'DELETE', null, null, { keepalive: true }).catch(() => {});
    this.url = null;
  }

  end(error) {
    if (this.ended)
      return;
    this.ended = true;
    this.leave();
    clearInterval(this.clock);
    clearTimeout(this.lost);
    this.levels?.close();
    stopStream(this.stream);
    this.pc?.close();
    call = window.voiceCall.pc = null;
    byId('agent-video').hidden = true;
    setInCall(false);
    showState(this.since ? 'Call ended' : 'Ready to call');
    if (error)
      showError(error);
  }

  // Hanging up need not wait for the microphone, which then must not stay on.
  async changeMicrophone() {
    const stream = await openMicrophone();
    stopStream(this.ended ? stream : this.stream);
    if (this.ended)
      return;
    this.stream = stream;
    this.levels.add(stream, byId('level-caller'));
    setMuted(isMuted());
    await this.sender?.replaceTrack(stream.getAudioTracks()[0]);
  }
}

// ---- Microphones

function openMicrophone() {
  const id = ui.microphone.value;
  return navigator.mediaDevices.getUserMedia({
    audio: { ...CONSTRAINTS, ...(id && { deviceId: { exact: id } }) },
  });
}

// Names are told once the microphone was allowed.
async function listMicrophones() {
  const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
  const chosen = ui.microphone.value;
  const options = devices
    .filter((one) => one.kind === 'audioinput' && one.deviceId && one.deviceId !== 'default')
    .map((one, i) => new Option(one.label || `Microphone ${i + 1}`, one.deviceId));
  ui.microphone.replaceChildren(new Option('Default microphone', ''), ...options);
  ui.microphone.value = options.some((one) => one.value === chosen) ? chosen : '';
}

function stopStream(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

function changeMicrophone() {
  const mine = call;
  if (!mine?.stream) // the next call opens it
    return;
  mine.changeMicrophone().catch((error) => {
    if (!mine.ended)
      showError(explain(error));
  });
}

// ---- Controls

function isMuted() {
  return ui.mute.getAttribute('aria-pressed') === 'true';
}

function setMuted(muted) {
  ui.mute.setAttribute('aria-pressed', String(muted));
  call?.stream?.getAudioTracks().forEach((track) => { track.enabled = !muted; });
}

// A button that becomes disabled under one's finger takes the focus away.
function setTalking(talking) {
  ui.stop.setAttribute('aria-disabled', String(!talking));
}

function setInCall(up) {
  const controls = [ui.mute, ui.stop, ui.text, ui.send];
  if (!up && controls.includes(document.activeElement))
    ui.call.focus();
  for (const control of controls)
    control.disabled = !up;
  if (up)
    return;
  setTalking(false);
  setMuted(false);
  ui.call.textContent = 'Call';
  ui.call.classList.remove('up');
}

function beginCall() {
  showError('');
  clearLines();
  clearFigures();
  ui.clock.textContent = '';
  ui.call.textContent = 'Hang up';
  ui.call.classList.add('up');
  const mine = call = new Call();
  mine.begin().then(listMicrophones).catch((error) => {
    if (!mine.ended)
      mine.end(explain(error));
  });
}

function stopTalking() {
  if (ui.stop.getAttribute('aria-disabled') !== 'true')
    call?.send({ type: 'response.cancel' });
}

ui.call.addEventListener('click', () => call ? call.end('') : beginCall());
ui.mute.addEventListener('click', () => setMuted(!isMuted()));
ui.stop.addEventListener('click', stopTalking);
ui.microphone.addEventListener('change', changeMicrophone);
ui.write.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = ui.text.value.trim();
  if (text)
    call?.write(text);
  ui.text.value = '';
});
navigator.mediaDevices?.addEventListener('devicechange', listMicrophones);
window.addEventListener('pagehide', () => call?.end(''));
listMicrophones();
