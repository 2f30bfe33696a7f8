// Who may sign in at the provider under test: one tenant, one application per way of authenticating.
//
// The values are invented. They are handed to the driver in the ready line, so nobody copies them.

export const tenant = 'd4b1f7c2-8a35-4e0d-9b6c-21f7e5a09c83';

const POST = { id: '0f3b7d52-1c84-4a9e-b6d5-7e2a90c41f68', secret: 'post~Q7.not-a-real/secret+x=1' };
const BASIC = { id: '6a2e9c14-70d3-4f8b-a5e1-93c7b80d2f46', secret: 'basic~Q7.not:a-real/secret+x=2' };
const CERTIFICATE = { id: '2c91d6a8-5e07-4b3f-8f14-d0a7c65b3e92' };
const NATIVE = { id: 'e47a0b53-9d18-4c7e-a2f6-38b1c5d90e64' };
const DEVICE = { id: 'b85d0e37-4f29-4c61-8d7a-05e6f3c9a172' };

export const redirectUri = 'http://127.0.0.1:8400/';

/** What the driver needs to know, by the way each application authenticates. */
export const identities = {
  client_secret_post: POST,
  client_secret_basic: BASIC,
  private_key_jwt: CERTIFICATE,
  native: NATIVE,
  public: DEVICE,
  redirect_uri: redirectUri,
  user: 'robin@interop.example',
};

const confidential = ({ id, secret }, method) => ({
  client_id: id,
  client_secret: secret,
  token_endpoint_auth_method: method,
  grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: [redirectUri],
});

/** The same applications as the provider's own client metadata (RFC 7591 names); `jwk` belongs to a certificate. */
export const clients = (jwk) => [
  ...(jwk === undefined ? [] : [{
    client_id: CERTIFICATE.id,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...jwk, use: 'sig' }] },
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  }]),
  {
    // Loopback redirects of a native application may name any port (RFC 8252 section 7.3).
    client_id: NATIVE.id,
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: ['http://localhost/', 'http://localhost'],
  },
  confidential(POST, 'client_secret_post'),
  confidential(BASIC, 'client_secret_basic'),
  {
    client_id: DEVICE.id,
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [redirectUri],
  },
];
