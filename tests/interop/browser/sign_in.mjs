// A person with a real browser: headless Chromium opens a sign-in page, fills in what it asks for and stays until
// the last page stands still.
//
//   node sign_in.mjs --url URL [--user NAME] [--decline] [--ca FILE] [--screenshot FILE]
//
// Prints one JSON line: the address, the last address it was sent to, title, language and text of the page where it ended, and whether that page ran
// scripts or loaded anything.

import { readFileSync } from 'node:fs';
import { X509Certificate, createHash } from 'node:crypto';
import { parseArgs } from 'node:util';

import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    user: { type: 'string', default: 'robin@interop.example' },
    decline: { type: 'boolean', default: false },
    ca: { type: 'string' },
    screenshot: { type: 'string' },
  },
});

const PAGES_AT_MOST = 10;

// The emulator's own certificate is trusted by its key alone; no check is switched off for anybody else.
function pinned(file) {
  const certificates = readFileSync(file, 'utf8').match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----/g);
  return certificates.map((pem) => {
    const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(key).digest('base64');
  });
}

const trust = options.ca === undefined
  ? []
  : [`--ignore-certificate-errors-spki-list=${pinned(options.ca).join(',')}`];
const browser = await puppeteer.launch({
  executablePath: await chromium.executablePath(),
  args: [...chromium.args, '--disable-background-networking', '--disable-component-update', '--disable-sync', ...trust],
  headless: 'shell',
});

// A page may leave by itself while it is looked at: a form that answers by POST sends itself.
const leaving = (error) => {
  if (/context was destroyed|detached/i.test(error.message)) return true;
  throw error;
};

async function fillIn(page) {
  return page.evaluate((user, decline) => {
    const form = document.querySelector('form');
    if (form === null) return false;
    const name = form.querySelector('input[name="login"], input[name="username"], input[name="loginfmt"], input[type="email"]');
    if (name !== null) name.value = user;
    const password = form.querySelector('input[type="password"]');
    if (password !== null) password.value = 'any';
    const choice = form.querySelector(`input[type="radio"][value="${user}"], option[value="${user}"]`);
    if (choice !== null) choice.checked = choice.selected = true;
    const buttons = [...document.querySelectorAll('form button, form input[type="submit"], a[href*="abort"]')];
    const label = (button) => `${button.textContent} ${button.value ?? ''} ${button.href ?? ''}`.toLowerCase();
    const refuse = buttons.find((button) => /cancel|decline|abort/.test(label(button)));
    const accept = buttons.find((button) => !/cancel|decline|abort/.test(label(button)));
    const button = (decline ? refuse : undefined) ?? accept;
    if (button === undefined) return false;
    button.click();
    return true;
  }, options.user, options.decline).catch(leaving);
}

try {
  const page = await browser.newPage();
  // Also where nobody listens: the address bar is what people paste.
  let sentTo = options.url;
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) sentTo = request.url();
  });
  await page.goto(options.url, { waitUntil: 'load', timeout: 30_000 });
  for (let count = 0; count < PAGES_AT_MOST; count += 1) {
    const arrived = page.waitForNavigation({ waitUntil: 'load', timeout: 5_000 }).catch(() => undefined);
    if (!await fillIn(page)) break;
    await arrived;
  }
  if (options.screenshot !== undefined) await page.screenshot({ path: options.screenshot, fullPage: true });
  const end = await page.evaluate(() => ({
    title: document.title,
    language: document.documentElement.lang,
    heading: document.querySelector('h1')?.textContent?.trim() ?? null,
    text: document.body.innerText,
    scripts: document.scripts.length,
    loaded: performance.getEntriesByType('resource').map((entry) => entry.name),
  }));
  process.stdout.write(`${JSON.stringify({ url: page.url(), sent_to: sentTo, ...end })}\n`);
} finally {
  await browser.close();
}
