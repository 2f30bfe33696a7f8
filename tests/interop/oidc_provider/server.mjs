// An independent OpenID provider (npm oidc-provider) on a loopback port, with Entra's paths and scope words.
//
//   node server.mjs [--port N] [--access-token-lifetime SECONDS] [--client-certificate FILE]
//
// Prints one JSON line on stdout when it listens. Control routes, for tests only:
//   POST /_control/device/{user_code}/approve   {"user": "..."}   signs the person in and consents
//   POST /_control/device/{user_code}/decline   {"user": "..."}
//   POST /_control/authorize   {"url": "...", "user": "..."}      answers {"location": "..."}

import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import { Provider } from 'oidc-provider';

import { configuration, routes } from './configuration.mjs';
import { identities, tenant } from './identities.mjs';
import { walk } from './person.mjs';
import { resourceApi } from './resource_api.mjs';
import { translate } from './scope_translation.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'access-token-lifetime': { type: 'string', default: '3600' },
    'client-certificate': { type: 'string' },
  },
});

const server = createServer();
const listening = new Promise((resolve, reject) => {
  server.once('listening', resolve);
  server.once('error', reject);
});
server.listen(Number(options.port), '127.0.0.1');
await listening;

const { port } = server.address();
const origin = `http://127.0.0.1:${port}`;

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' };
const lifetime = Number(options['access-token-lifetime']);
const paths = routes(tenant);

const file = options['client-certificate'];
const certified = file && new X509Certificate(readFileSync(file)).publicKey.export({ format: 'jwk' });
const provider = new Provider(origin, configuration({ tenant, lifetime, jwk, certified }));

async function json(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
}

async function control(ctx, next) {
  if (ctx.method !== 'POST' || !ctx.path.startsWith('/_control/')) return next();
  const { user = identities.user, url } = await json(ctx.req);
  const device = /^\/_control\/device\/([^/]+)\/(approve|decline)$/.exec(ctx.path);
  if (device !== null) {
    const start = `${origin}${paths.code_verification}?user_code=${device[1]}`;
    const decline = device[2] === 'decline';
    const end = await walk(start, { user, decline });
    const done = decline ? end.status < 500 : end.page?.includes('Sign-in Success') === true;
    ctx.status = done ? 200 : 409;
    ctx.body = done ? { user_code: device[1], user } : { error: 'the pages did not end in a sign-in', ...end };
  } else if (ctx.path === '/_control/authorize' && typeof url === 'string' && url.startsWith(`${origin}/`)) {
    const end = await walk(url, { user });
    ctx.status = end.location === undefined ? 409 : 200;
    ctx.body = end;
  } else {
    ctx.status = 404;
    ctx.body = { error: 'no such control route' };
  }
  return undefined;
}

async function metadata(ctx, next) {
  const published = '/.well-known/openid-configuration';
  if (ctx.path === `/${tenant}/v2.0${published}`) ctx.path = published;
  return next();
}

provider.use(control);
provider.use(metadata);
provider.use(resourceApi({ jwk: publicKey.export({ format: 'jwk' }), issuer: origin }));
provider.use(translate(paths));
provider.on('server_error', (_ctx, error) => process.stderr.write(`oidc-provider: ${error.stack}\n`));
provider.on('grant.error', (_ctx, error) => process.stderr.write(`oidc-provider: ${error.error} ${error.error_detail ?? ''}\n`));
server.on('request', provider.callback());

process.stdout.write(`${JSON.stringify({ ready: true, origin, tenant_id: tenant, identities })}\n`);
