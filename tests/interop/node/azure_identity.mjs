// @azure/identity for Node: secret, certificate, federated token, authorization code, device code, and the identities of
// an emulated virtual machine and an emulated app. Each then lists incidents with plain fetch.
//
//   node azure_identity.mjs AUTHORITY TENANT CLIENT_ID CLIENT_SECRET CERTIFICATE KEY
//
// NODE_EXTRA_CA_CERTS names the authority that vouches for the emulator.

import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  AuthorizationCodeCredential, ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential,
  DeviceCodeCredential, ManagedIdentityCredential, WorkloadIdentityCredential,
} from '@azure/identity';

import { lists } from './incidents.mjs';

const [authority, tenant, application, secret, certificate, key] = process.argv.slice(2);
const GRAPH = 'https://graph.microsoft.com/.default';
const USER = 'dana@aurora-lab.example';
const NIGHT_JOB = 'b80d5f1e-3c76-49a2-8e4b-7a1f6d9c2035';
const WORKLOAD = 'f3926e0c-d4b1-4875-9a6e-5c8f1b7d3e49';
const PORTAL = { id: '7d15c0ae-8f42-4b6e-93d7-2c9a6b1e4f80', secret: 'por~Q7.demo-secret-not-real_x7' };
const options = { authorityHost: authority, disableInstanceDiscovery: true };

async function control(path, body) {
  const method = body === undefined ? 'GET' : 'POST';
  const response = await fetch(`${authority}/_control/${path}`, { method, body: body && JSON.stringify(body) });
  assert.equal(response.ok, true, `${path}: ${response.status} ${await response.clone().text()}`);
  const text = await response.text();
  return text === '' ? {} : JSON.parse(text);
}

async function signedInByCode() {
  const redirect = 'https://localhost/myapp';
  const query = new URLSearchParams({
    client_id: PORTAL.id, response_type: 'code', redirect_uri: redirect, scope: `${GRAPH} offline_access`, state: 's',
  });
  const url = `${authority}/${tenant}/oauth2/v2.0/authorize?${query}`;
  const { location } = await control('entra/authorize', { url, user: USER, decision: 'accept' });
  const code = new URL(location).searchParams.get('code');
  return new AuthorizationCodeCredential(tenant, PORTAL.id, PORTAL.secret, code, redirect, options);
}

async function signedInByDevice() {
  const credential = new DeviceCodeCredential({
    ...options, tenantId: tenant, clientId: application,
    userPromptCallback: ({ userCode }) => { setTimeout(() => control(`device/${userCode}/approve`, { user: USER }), 300); },
  });
  return credential;
}

const done = [];
done.push(await lists(authority, 'secret', new ClientSecretCredential(tenant, application, secret, options)));
await assert.rejects(new ClientSecretCredential(tenant, application, 'wrong', options).getToken(GRAPH), /AADSTS7000215/);
await control(`entra/applications/${NIGHT_JOB}/certificates`, { pem: readFileSync(certificate, 'utf8') });
const pem = readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8');
done.push(await lists(authority, 'certificate', new ClientCertificateCredential(tenant, NIGHT_JOB, { certificate: pem }, options)));
const assertion = async () => (await control('federation/kubernetes/token', {})).token;
done.push(await lists(authority, 'federated token', new ClientAssertionCredential(tenant, WORKLOAD, assertion, options)));
const folder = mkdtempSync(join(tmpdir(), 'workload-'));
const tokenFilePath = join(folder, 'token');
writeFileSync(tokenFilePath, await assertion(), { mode: 0o600 });
const workload = new WorkloadIdentityCredential({ ...options, tenantId: tenant, clientId: WORKLOAD, tokenFilePath });
done.push(await lists(authority, 'workload identity', workload));
rmSync(folder, { recursive: true });
done.push(await lists(authority, 'authorization code', await signedInByCode()));
done.push(await lists(authority, 'device code', await signedInByDevice()));

const { hosts, identities } = await control('managed-identity');
const clientId = identities.find((identity) => !identity.system_assigned).client_id;
for (const host of ['imds', 'app-service']) {
  Object.assign(process.env, hosts[host]);
  done.push(await lists(authority, `${host} system`, new ManagedIdentityCredential()));
  done.push(await lists(authority, `${host} user`, new ManagedIdentityCredential({ clientId })));
  for (const name of Object.keys(hosts[host])) delete process.env[name];
}
process.stdout.write(`@azure/identity: ${done.join(', ')}\n`);
