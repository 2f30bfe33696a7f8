// Proves with bare fetch calls that the provider grants what the interoperability run relies on, so that a
// failure of our binary against it can only be ours.
//
//   node check.mjs 'READY LINE OF server.mjs'

import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const { origin, tenant_id: tenant, identities } = JSON.parse(process.argv[2]);
const GRAPH = 'https://graph.microsoft.com/.default';
const LEGACY = 'https://security.microsoft.com/mtp/.default';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

async function post(path, form, headers = {}) {
  const response = await fetch(`${origin}/${tenant}/oauth2/v2.0/${path}`, {
    method: 'POST', body: new URLSearchParams(form), headers,
  });
  return { status: response.status, body: await response.json() };
}

async function control(path, body = {}) {
  const response = await fetch(`${origin}/_control/${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function list(path, token) {
  const response = await fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return response.status;
}

async function clientSecretInTheBody() {
  const { id, secret } = identities.client_secret_post;
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope: GRAPH };
  const { status, body } = await post('token', form);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.scope, GRAPH);
  assert.equal(body.refresh_token, undefined);
  assert.equal(await list('/v1.0/security/incidents', body.access_token), 200);
  assert.equal(await list('/api/incidents', body.access_token), 401, 'a Graph token must not open the legacy API');
  const wrong = await post('token', { ...form, client_secret: 'wrong' });
  assert.deepEqual([wrong.status, wrong.body.error], [401, 'invalid_client']);
}

async function clientSecretInTheHeader() {
  const { id, secret } = identities.client_secret_basic;
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  const { status, body } = await post('token', { grant_type: 'client_credentials', scope: LEGACY }, { authorization });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(await list('/api/incidents', body.access_token), 200);
}

async function deviceCodeAndRotation() {
  const client_id = identities.public.id;
  const scope = `${GRAPH} offline_access`;
  const started = await post('devicecode', { client_id, scope });
  assert.equal(started.status, 200, JSON.stringify(started.body));
  const poll = { grant_type: DEVICE, client_id, device_code: started.body.device_code };
  assert.equal((await post('token', poll)).body.error, 'authorization_pending');
  const approved = await control(`device/${started.body.user_code}/approve`);
  assert.equal(approved.status, 200, JSON.stringify(approved.body));
  const first = await post('token', poll);
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.equal(await list('/v1.0/security/incidents', first.body.access_token), 200);

  const refresh = { grant_type: 'refresh_token', client_id, scope, refresh_token: first.body.refresh_token };
  const second = await post('token', refresh);
  assert.equal(second.status, 200, JSON.stringify(second.body));
  assert.notEqual(second.body.refresh_token, first.body.refresh_token);
  await sleep((first.body.expires_in + 0.2) * 1000);
  assert.equal(await list('/v1.0/security/incidents', first.body.access_token), 401, 'the access token lives on');
  assert.equal((await post('token', refresh)).body.error, 'invalid_grant', 'a rotated refresh token still works');
  // Last, because the provider answers a replayed code by revoking all it gave for it.
  assert.equal((await post('token', poll)).body.error, 'invalid_grant', 'a device code is good for one token');
}

async function declinedDeviceCode() {
  const client_id = identities.public.id;
  const started = await post('devicecode', { client_id, scope: GRAPH });
  await control(`device/${started.body.user_code}/decline`);
  const poll = { grant_type: DEVICE, client_id, device_code: started.body.device_code };
  assert.equal((await post('token', poll)).body.error, 'access_denied');
}

async function authorizationCodeWithPkce() {
  const { id: client_id, secret: client_secret } = identities.client_secret_post;
  const redirect_uri = identities.redirect_uri;
  const code_verifier = randomBytes(32).toString('base64url');
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
  const url = `${origin}/${tenant}/oauth2/v2.0/authorize?${new URLSearchParams({
    client_id, redirect_uri, response_type: 'code', scope: `${GRAPH} offline_access openid`, state: 'a state',
    code_challenge, code_challenge_method: 'S256',
  })}`;
  const { status, body } = await control('authorize', { url });
  assert.equal(status, 200, JSON.stringify(body));
  const back = new URL(body.location).searchParams;
  assert.equal(back.get('state'), 'a state');
  const form = { grant_type: 'authorization_code', code: back.get('code'), redirect_uri, client_id, client_secret };
  const wrong = await post('token', { ...form, code_verifier: 'x'.repeat(43) });
  assert.equal(wrong.body.error, 'invalid_grant', 'a wrong verifier was accepted');
  const again = new URL((await control('authorize', { url })).body.location).searchParams;
  const token = await post('token', { ...form, code: again.get('code'), code_verifier });
  assert.equal(token.status, 200, JSON.stringify(token.body));
  assert.ok(token.body.refresh_token);
}

const checks = [
  clientSecretInTheBody, clientSecretInTheHeader, deviceCodeAndRotation, declinedDeviceCode, authorizationCodeWithPkce,
];
for (const check of checks) {
  await check();
  process.stdout.write(`ok ${check.name}\n`);
}
