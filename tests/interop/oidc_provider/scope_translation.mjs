// Entra names resource and permission in one scope word, `https://host/path/.default`; RFC 8707 names the
// resource in a parameter of its own. This middleware rewrites requests one way and answers the other way.
// It decides nothing: every grant is the provider's own.

const DEFAULT = '/.default';

/** The scope word that stands for everything the application was granted on a resource. */
export const EVERYTHING = '.default';

/** Rewrites the `scope` of a form or query in place; returns the resource it named, if any. */
export function toResourceIndicator(parameters) {
  const words = (parameters.get('scope') ?? '').split(' ').filter(Boolean);
  const named = words.filter((word) => word.endsWith(DEFAULT));
  if (named.length === 0) return undefined;
  // Exactly the suffix goes: `https://host//.default` names `https://host/`.
  const resources = [...new Set(named.map((word) => word.slice(0, -DEFAULT.length)))];
  const rest = words.filter((word) => !word.endsWith(DEFAULT));
  parameters.set('scope', [EVERYTHING, ...rest].join(' '));
  parameters.delete('resource');
  for (const resource of resources) parameters.append('resource', resource);
  // OpenID Connect Core section 11: offline access asks for consent; Entra does so without being told.
  if (rest.includes('offline_access') && parameters.has('response_type') && !parameters.has('prompt')) {
    parameters.set('prompt', 'consent');
  }
  return resources[0];
}

async function form(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function asObject(parameters) {
  const object = {};
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    object[name] = values.length === 1 ? values[0] : values;
  }
  return object;
}

/** Koa middleware for the provider: `routes` are the paths whose parameters carry Entra scopes. */
export function translate({ token, device_authorization: device, authorization }) {
  return async function translateScopes(ctx, next) {
    let resource;
    if (ctx.method === 'POST' && [token, device].includes(ctx.path) && ctx.is('urlencoded')) {
      const parameters = await form(ctx.req);
      resource = toResourceIndicator(parameters);
      ctx.req.body = asObject(parameters);
    } else if (ctx.method === 'GET' && ctx.path === authorization) {
      const parameters = new URLSearchParams(ctx.querystring);
      toResourceIndicator(parameters);
      ctx.querystring = parameters.toString();
    }
    await next();
    if (resource !== undefined && typeof ctx.body?.scope === 'string') {
      const words = ctx.body.scope.split(' ');
      const scope = words.map((word) => (word === EVERYTHING ? `${resource}${DEFAULT}` : word)).join(' ');
      ctx.body = { ...ctx.body, scope };
    }
  };
}
