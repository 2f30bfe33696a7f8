// A person at a browser, played with fetch: follows the provider's own pages, keeps its cookies, fills in its
// forms. Nothing is written behind the provider's back, so what a sign-in proves is the provider's logic.

const PAGES_AT_MOST = 20;

class CookieJar {
  #cookies = new Map();

  remember(response) {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';');
      const cut = pair.indexOf('=');
      const name = pair.slice(0, cut).trim();
      const expires = attributes.map((a) => a.trim().split('=')).find(([key]) => key.toLowerCase() === 'expires');
      const gone = expires !== undefined && Date.parse(expires[1]) <= Date.now();
      if (gone) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(cut + 1).trim());
    }
  }

  header() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

const unescape = (text) => text
  .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

function attribute(tag, name) {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return found ? unescape(found[1]) : undefined;
}

/** The first form of a page that is sent by POST: where it goes and what its fields hold. */
export function postForm(html) {
  const form = /<form\b[^>]*\bmethod="post"[^>]*>[\s\S]*?<\/form>/.exec(html)?.[0];
  if (form === undefined) return undefined;
  const fields = new Map();
  for (const [input] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(input, 'name');
    if (name !== undefined) fields.set(name, attribute(input, 'value') ?? '');
  }
  return { action: attribute(/<form\b[^>]*>/.exec(form)[0], 'action'), fields };
}

/**
 * Opens `start` and does what its pages ask for until there is nothing left to fill in.
 * Returns `{ location }` when the provider sent the browser to another origin, else `{ status, page }`.
 */
export async function walk(start, { user, decline = false }) {
  const jar = new CookieJar();
  const { origin } = new URL(start);
  let url = start;
  let body;
  for (let page = 0; page < PAGES_AT_MOST; page += 1) {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      body,
      redirect: 'manual',
      headers: { cookie: jar.header(), accept: 'text/html' },
    });
    jar.remember(response);
    body = undefined;
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      if (new URL(url).origin !== origin) return { location: url };
      continue;
    }
    const html = await response.text();
    const form = postForm(html);
    if (form === undefined || response.status >= 400) return { status: response.status, page: html };
    if (form.fields.has('login')) {
      form.fields.set('login', user);
      form.fields.set('password', 'any');
    }
    if (decline && form.fields.delete('confirm')) form.fields.set('abort', 'yes');
    url = new URL(form.action, url).href;
    body = new URLSearchParams([...form.fields]);
    if (form.fields.has('abort')) {
      const refused = await fetch(url, { method: 'POST', body, headers: { cookie: jar.header() } });
      return { status: refused.status, page: await refused.text() };
    }
  }
  throw new Error(`still not signed in after ${PAGES_AT_MOST} pages, last at ${url}`);
}
