// A resource that opens only to the provider's own access tokens: it lists two incidents in either dialect.
//
// It checks signature, expiry and audience itself, so that a client which shows a stale or foreign token fails.

import { createPublicKey, verify } from 'node:crypto';

// Full records in each dialect's own names, so that a client that is strict about what must be there is content.
const graph = (id) => ({
  id: String(id),
  displayName: `Incident ${id}`,
  status: 'active',
  severity: 'medium',
  classification: 'unknown',
  determination: 'unknown',
  assignedTo: null,
  createdDateTime: '2026-03-02T08:11:11Z',
  lastUpdateDateTime: '2026-03-02T09:47:05Z',
  incidentWebUrl: `https://security.microsoft.com/incidents/${id}`,
  redirectIncidentId: null,
  customTags: [],
  comments: [],
});
const legacy = (id) => ({
  incidentId: id,
  incidentName: `Incident ${id}`,
  status: 'Active',
  severity: 'Medium',
  classification: 'Unknown',
  determination: 'NotAvailable',
  assignedTo: null,
  createdTime: '2026-03-02T08:11:11Z',
  lastUpdateTime: '2026-03-02T09:47:05Z',
  incidentUri: `https://security.microsoft.com/incidents/${id}`,
  redirectIncidentId: null,
  tags: [],
  comments: [],
  alerts: [],
});

const resources = {
  '/v1.0/security/incidents': { audience: /^https:\/\/graph\./, incidents: [1, 2].map(graph) },
  '/api/incidents': { audience: /^https:\/\/(api\.)?security\./, incidents: [1, 2].map(legacy) },
};

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
  return async function listIncidents(ctx, next) {
    const resource = resources[ctx.path];
    if (ctx.method !== 'GET' || resource === undefined) return next();
    const token = /^Bearer (.+)$/.exec(ctx.get('authorization'))?.[1];
    try {
      if (token === undefined) throw new Error('no bearer token');
      const { aud } = claims(token, { jwk, issuer });
      if (!resource.audience.test(aud)) throw new Error(`audience ${aud} is not for ${ctx.path}`);
    } catch ({ message }) {
      ctx.status = 401;
      ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"');
      ctx.body = { error: { code: 'InvalidAuthenticationToken', message } };
      return undefined;
    }
    ctx.body = { '@odata.context': `${issuer}${ctx.path}`, value: resource.incidents };
    return undefined;
  };
}
