// How the independent provider is set up: paths as Entra has them, the grants we use, short-lived tokens.

import { EVERYTHING } from './scope_translation.mjs';
import { clients } from './identities.mjs';

/** Entra's paths for one tenant. */
export function routes(tenant) {
  return {
    authorization: `/${tenant}/oauth2/v2.0/authorize`,
    token: `/${tenant}/oauth2/v2.0/token`,
    device_authorization: `/${tenant}/oauth2/v2.0/devicecode`,
    jwks: `/${tenant}/discovery/v2.0/keys`,
    code_verification: '/device',
  };
}

/** `lifetime` is that of an access token, in seconds; `jwk` the private signing key; `certified` the public key of a
 * certificate that an application proves itself with. */
export function configuration({ tenant, lifetime, jwk, certified }) {
  const resources = new Set([
    'https://graph.microsoft.com',
    'https://security.microsoft.com/mtp',
    'https://api.security.microsoft.com',
  ]);
  return {
    clients: clients(certified),
    enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256'] },
    routes: routes(tenant),
    jwks: { keys: [jwk] },
    cookies: { keys: ['interop-tests-only'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: { DeviceCode: 120, RefreshToken: 600, Grant: 600, Interaction: 120, Session: 120, IdToken: 120 },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: sub }) }),
    // What a caller holds, in the claims where Entra puts it.
    extraTokenClaims: (_ctx, token) => (token.kind === 'ClientCredentials'
      ? { tid: tenant, roles: ['Incident.ReadWrite.All', 'SecurityIncident.ReadWrite.All'] }
      : { tid: tenant, scp: 'Incident.ReadWrite SecurityIncident.ReadWrite.All' }),
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true, mask: '****-****' },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => oneOf ?? [],
        useGrantedResource: () => true,
        async getResourceServerInfo(_ctx, resource) {
          const { errors } = await import('oidc-provider');
          if (!resources.has(resource)) throw new errors.InvalidTarget(`unknown resource ${resource}`);
          return {
            audience: resource,
            scope: EVERYTHING,
            accessTokenTTL: lifetime,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
    },
  };
}
