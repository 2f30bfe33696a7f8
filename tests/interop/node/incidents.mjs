// What every credential is for: incidents of the emulated tenant.

import { strict as assert } from 'node:assert';

const GRAPH = 'https://graph.microsoft.com/.default';

export async function lists(authority, name, credential) {
  const { token } = await credential.getToken(GRAPH);
  const response = await fetch(`${authority}/v1.0/security/incidents?$top=5`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(response.status, 200, `${name}: ${await response.clone().text()}`);
  assert.equal((await response.json()).value.length, 5);
  return name;
}
