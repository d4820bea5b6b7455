// A certified OpenID Connect provider on this machine: argv: port, redirect address, what names its key.
// Users are those of its own login form, each with the claims of CLAIMS; apps get bearer tokens as `portal`.
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [port, redirectUri, keyId] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const CLAIMS = {
  'county-office': { name: '县扶贫办', fp: { roles: ['official'] }, areas: ['513431'] },
  portal: { fp: { roles: ['front_end'] }, areas: ['513431'] },
};
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const provider = new Provider(issuer, {
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['of the tests'] },
  clients: [
    {
      client_id: 'graph-service',
      token_endpoint_auth_method: 'none',
      redirect_uris: [redirectUri],
      application_type: 'native',
    },
    { client_id: 'portal', client_secret: 'portal-secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
  ],
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['name', 'fp', 'areas'] },
  conformIdTokenClaims: false,
  findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub, ...CLAIMS[sub] }) }),
  extraTokenClaims: (_, token) => CLAIMS[token.clientId],
  features: {
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:graph-service',
      getResourceServerInfo: () => ({ scope: '', audience: 'graph-service', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
      useGrantedResource: () => true,
    },
  },
});
provider.listen(Number(port), '127.0.0.1', () => console.log(issuer));
