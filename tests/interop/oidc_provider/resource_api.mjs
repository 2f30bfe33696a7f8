// A resource that opens only to the provider's own access tokens: it lists two incidents in either dialect.
//
// It checks signature, expiry and audience itself, so that a client which shows a stale or foreign token fails.

import { createPublicKey, verify } from 'node:crypto';

const incidents = [{ id: '1', incidentId: 1, status: 'active' }, { id: '2', incidentId: 2, status: 'active' }];

function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

/** The claims of a valid token; throws with the reason otherwise. */
export function claims(token, { jwk, issuer, now = Date.now() / 1000 }) {
  const [header, payload, signature, extra] = token.split('.');
  if (!signature || extra !== undefined) throw new Error('not a signed token');
  if (decode(header).alg !== 'RS256') throw new Error('unexpected algorithm');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) throw new Error('wrong signature');
  const body = decode(payload);
  if (body.iss !== issuer) throw new Error(`foreign issuer ${body.iss}`);
  if (body.exp <= now) throw new Error('expired');
  return body;
}

/** Koa middleware: `GET /v1.0/security/incidents` and `GET /api/incidents`. */
export function resourceApi({ jwk, issuer }) {
  const audiences = {
    '/v1.0/security/incidents': /^https:\/\/graph\./,
    '/api/incidents': /^https:\/\/(api\.)?security\./,
  };
  return async function listIncidents(ctx, next) {
    const audience = audiences[ctx.path];
    if (ctx.method !== 'GET' || audience === undefined) return next();
    const token = /^Bearer (.+)$/.exec(ctx.get('authorization'))?.[1];
    try {
      if (token === undefined) throw new Error('no bearer token');
      const { aud } = claims(token, { jwk, issuer });
      if (!audience.test(aud)) throw new Error(`audience ${aud} is not for ${ctx.path}`);
    } catch ({ message }) {
      ctx.status = 401;
      ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"');
      ctx.body = { error: { code: 'InvalidAuthenticationToken', message } };
      return undefined;
    }
    ctx.body = { '@odata.context': `${ctx.origin}${ctx.path}`, value: incidents };
    return undefined;
  };
}
