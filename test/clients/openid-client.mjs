/** A certified OpenID Connect library, unchanged: discovers, signs in through the page, renews, asks after the user, signs out. */
import * as client from 'openid-client';
import { completeDeviceCode, signInThroughPage } from './page.mjs';

const { TENANT, USER, PASSWORD, CLIENT_ID, CLIENT_SECRET, PUBLIC } = process.env;
const issuer = new URL(`https://login.microsoftonline.com/${TENANT}/v2.0`);
const person = { user: USER, password: PASSWORD };
const redirect_uri = 'http://localhost:3000/callback';
const scope = 'openid profile offline_access https://graph.microsoft.com/User.Read';
const seen = {};

const config = await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET);
seen.issuer = config.serverMetadata().issuer;
seen.code = config.serverMetadata().response_types_supported.includes('code');

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const authorize = client.buildAuthorizationUrl(config, {
  redirect_uri,
  scope,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
});
const returned = new URL(await signInThroughPage(authorize, person));
const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
const refusal = (work) => work.then(() => 'accepted').catch(({ error, code, cause }) => error ?? cause?.error ?? code);
seen.wrongState = await refusal(client.authorizationCodeGrant(config, returned, { ...checks, expectedState: 'another' }));
seen.wrongVerifier = await refusal(
  client.authorizationCodeGrant(config, returned, { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() }),
);
const tokens = await client.authorizationCodeGrant(config, returned, checks);
const { sub, preferred_username, tid, aud } = tokens.claims();
seen.idToken = { preferred_username, tid, aud };
seen.replayed = await refusal(client.authorizationCodeGrant(config, returned, checks));

const userInfo = await client.fetchUserInfo(config, tokens.access_token, sub);
seen.userInfo = { email: userInfo.email, given_name: userInfo.given_name };
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
seen.renewed = renewed.claims().sub === sub && renewed.access_token !== tokens.access_token;

const application = await client.clientCredentialsGrant(config, { scope: 'https://graph.microsoft.com/.default' });
seen.application = application.token_type;
seen.applicationAsUser = await refusal(client.fetchUserInfo(config, application.access_token, client.skipSubjectCheck));

const device = await client.discovery(issuer, PUBLIC, undefined, client.None());
const pending = await client.initiateDeviceAuthorization(device, { scope });
await completeDeviceCode(pending.verification_uri, pending.user_code, person);
const byCode = await client.pollDeviceAuthorizationGrant(device, pending);
seen.deviceCode = byCode.claims().preferred_username;

const end = client.buildEndSessionUrl(config, { post_logout_redirect_uri: redirect_uri, id_token_hint: tokens.id_token, state: 's1' });
seen.signedOut = (await fetch(end, { redirect: 'manual' })).headers.get('location');
seen.strangeReturn = (
  await fetch(client.buildEndSessionUrl(config, { post_logout_redirect_uri: 'https://evil.example/' }), { redirect: 'manual' })
).status;
console.log(JSON.stringify(seen));
