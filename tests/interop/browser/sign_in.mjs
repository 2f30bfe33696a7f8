// A person with a real browser: headless Chromium opens a sign-in page, fills in what it asks for and stays until
// the last page stands still.
//
//   node sign_in.mjs --url URL [--user NAME] [--decline] [--ca FILE] [--screenshot FILE]
//
// Prints one JSON line: the address, the last address it was sent to, title, language and text of the page where it
// ended, and whether that page ran scripts or loaded anything.

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

const LIMIT = 50_000;
// So long must nothing be under way before a page counts as the last one.
const STILL = 1_000;

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

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// A page may leave by itself while it is looked at: a form that answers by POST sends itself.
const leaving = (error) => {
  if (/context was destroyed|detached|cannot find context/i.test(error.message)) return undefined;
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

// What a person sees of a page that has come; undefined while one is on its way.
async function look(page) {
  return page.evaluate(() => (document.readyState !== 'complete' ? undefined : {
    title: document.title,
    language: document.documentElement.lang,
    heading: document.querySelector('h1')?.textContent?.trim() ?? null,
    text: document.body.innerText,
    scripts: document.scripts.length,
    loaded: performance.getEntriesByType('resource').map((entry) => entry.name),
  })).catch(leaving);
}

// Fills in page after page, however slowly they come, until one stands still that asks for nothing.
async function walk(page, motion) {
  const deadline = Date.now() + LIMIT;
  let answered = -1;
  while (Date.now() < deadline) {
    const { documents } = motion;
    const end = await look(page);
    const settled = motion.pending === 0 && Date.now() - motion.since > STILL;
    // A page that was answered is on its way out: it is not answered twice.
    if (end !== undefined && documents !== answered && await fillIn(page) === true) {
      answered = documents;
    } else if (end !== undefined && documents !== answered && settled && documents === motion.documents) {
      return end;
    }
    await pause(50);
  }
  throw new Error(`no page stood still within ${LIMIT} ms; the last one is ${page.url()}`);
}

try {
  const page = await browser.newPage();
  // Also where nobody listens: the address bar is what people paste.
  let sentTo = options.url;
  const motion = { pending: 0, documents: 0, since: Date.now() };
  const ofTheWindow = (request) => request.isNavigationRequest() && request.frame() === page.mainFrame();
  page.on('request', (request) => {
    if (!ofTheWindow(request)) return;
    sentTo = request.url();
    // A redirect goes on with the request it came from.
    if (request.redirectChain().length === 0) motion.pending += 1;
    motion.since = Date.now();
  });
  const ended = (request) => {
    if (!ofTheWindow(request)) return;
    motion.pending = Math.max(0, motion.pending - 1);
    motion.since = Date.now();
  };
  page.on('requestfinished', (request) => {
    const status = request.response()?.status() ?? 0;
    if (status < 300 || status >= 400) ended(request);
  });
  page.on('requestfailed', ended);
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) return;
    motion.documents += 1;
    motion.since = Date.now();
  });
  await page.goto(options.url, { waitUntil: 'load', timeout: 30_000 });
  const end = await walk(page, motion);
  if (options.screenshot !== undefined) {
    await page.setViewport({ width: 640, height: 200 });
    await page.screenshot({ path: options.screenshot, fullPage: true });
  }
  process.stdout.write(`${JSON.stringify({ url: page.url(), sent_to: sentTo, ...end })}\n`);
} finally {
  await browser.close();
}
