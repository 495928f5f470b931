// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// Starts Debian's Chromium (by CDP) or Firefox (by WebDriver BiDi), whose microphone is
// a file; both speak and hear without any device.

import puppeteer from 'puppeteer-core';
import { readFile } from 'node:fs/promises';

function chromium(microphone, refuse) {
  const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];
  if (microphone && !refuse)
    args.push('--use-fake-ui-for-media-stream');
  if (microphone)
    args.push('--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}%noloop`);
  return puppeteer.launch({ browser: 'chrome', executablePath: '/usr/bin/chromium', args });
}

function firefox() {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      // where there is no other interface
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
    },
  });
}

// Firefox's own microphone without a device is a tone: the file takes its place, as of
// the page's own server, which is all that its policy lets it load. An AudioContext
// would stand still without a device; what an element plays does not.
async function playAsMicrophone(page, file) {
  const body = await readFile(file);
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (request.url().endsWith('/microphone.wav'))
      request.respond({ status: 200, contentType: 'audio/wav', body });
    else
      request.continue();
  });
  await page.evaluateOnNewDocument(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      const player = new Audio('/microphone.wav');
      const stream = player.mozCaptureStream();
      await player.play();
      return stream;
    };
  });
}

// The browser and its page, not yet anywhere. @settings: browser ('firefox', else
// Chromium), microphone (a WAV file), refuse (true: no permission for it), width,
// height, scheme ('dark').
export async function launch(settings) {
  const isFirefox = settings.browser === 'firefox';
  const browser = isFirefox ? await firefox()
    : await chromium(settings.microphone, settings.refuse);
  const page = await browser.newPage();
  await page.setViewport({ width: settings.width, height: settings.height });
  if (isFirefox && settings.microphone)
    await playAsMicrophone(page, settings.microphone);
  if (!isFirefox)
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: settings.scheme }]);
  if (settings.refuse)
    await browser.defaultBrowserContext().overridePermissions(settings.url, []); // and no others
  return { browser, page };
}
