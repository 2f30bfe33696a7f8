// A person who opens a file in a real browser: headless Chromium loads it, in light and in dark, as on paper too.
//
//   node look_at.mjs --url URL [--screenshot FILE] [--dark] [--width N] [--height N] [--scale N] [--element SELECTOR]
//
// Prints one JSON line: every address it asked for, what the console said, violations of the page's policy, the title,
// how many drawings have a name for a screen reader, and how wide the page is against its window.

import { parseArgs } from 'node:util';

import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    screenshot: { type: 'string' },
    dark: { type: 'boolean', default: false },
    width: { type: 'string', default: '1180' },
    height: { type: 'string', default: '900' },
    scale: { type: 'string', default: '1' },
    element: { type: 'string' },
  },
});

const browser = await puppeteer.launch({
  executablePath: await chromium.executablePath(),
  args: [...chromium.args, '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  headless: 'shell',
});

try {
  const page = await browser.newPage();
  const [width, height, scale] = [options.width, options.height, options.scale].map(Number);
  await page.setViewport({ width, height, deviceScaleFactor: scale });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: options.dark ? 'dark' : 'light' }]);
  const requests = [];
  const console_ = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => console_.push(message.text()));
  page.on('pageerror', (error) => console_.push(error.message));
  await page.goto(options.url, { waitUntil: 'networkidle0', timeout: 30_000 });
  const seen = await page.evaluate(() => ({
    title: document.title,
    scripts: document.scripts.length,
    background: getComputedStyle(document.body).backgroundColor,
    pictures: [...document.querySelectorAll('svg[role="img"]')].map((drawing) => {
      const names = (drawing.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id));
      return names.map((name) => name?.textContent ?? '').join(' ').trim();
    }),
    nameless: [...document.querySelectorAll('svg:not([role="img"]):not([aria-hidden="true"])')].length,
    tables: document.querySelectorAll('table').length,
    wide: document.documentElement.scrollWidth,
  }));
  if (options.screenshot !== undefined) {
    const target = options.element === undefined ? page : await page.$(options.element);
    await target.screenshot({ path: options.screenshot });
  }
  const paper = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).length;
  process.stdout.write(`${JSON.stringify({ requests, console: console_, paper, width, ...seen })}\n`);
} finally {
  await browser.close();
}
