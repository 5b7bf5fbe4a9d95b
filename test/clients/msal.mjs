/** Microsoft's authentication library, unchanged: public and confidential clients. Prints what it got, tokens verified by `jose`. */
import { ConfidentialClientApplication, PublicClientApplication } from '@azure/msal-node';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { completeDeviceCode, signInThroughPage } from './page.mjs';

const { TENANT, USER, PASSWORD, PUBLIC, CONFIDENTIAL, SECRET, CERTIFIED, KEY, SHA1, SHA256 } = process.env;
const authority = `https://login.microsoftonline.com/${TENANT}`;
const person = { user: USER, password: PASSWORD };
const scopes = ['https://graph.microsoft.com/User.Read'];
const keys = createRemoteJWKSet(new URL(`${authority}/discovery/v2.0/keys`));

/** Claims of an access token that a foreign library has verified, as far as the test asks after them. */
async function verified({ accessToken }) {
  const issuer = `https://sts.windows.net/${TENANT}/`;
  const { payload } = await jwtVerify(accessToken, keys, { issuer, audience: 'https://graph.microsoft.com', algorithms: ['RS256'] });
  const { appid, upn, amr, idtyp, appidacr, scp, roles } = payload;
  return { appid, upn, amr, idtyp, appidacr, scp, roles };
}

const refusal = (work) =>
  work
    .then(() => 'accepted')
    .catch(({ errorCode, errorMessage, subError }) => {
      const number = /AADSTS(\d+)/.exec(errorMessage)?.[1];
      return [errorCode, number, subError].filter(Boolean).join(' ');
    });

const publicClient = () => new PublicClientApplication({ auth: { clientId: PUBLIC, authority } });
const seen = {};

const first = publicClient();
const interactive = await first.acquireTokenInteractive({
  scopes,
  openBrowser: async (url) => void (await fetch(await signInThroughPage(url, person))),
  successTemplate: 'ok',
});
seen.interactive = await verified(interactive);
await jwtVerify(interactive.idToken, keys, { issuer: `${authority}/v2.0`, audience: PUBLIC });
seen.account = { username: interactive.account.username, tenantId: interactive.account.tenantId, home: interactive.account.homeAccountId };

const [account] = await first.getTokenCache().getAllAccounts();
seen.cached = (await first.acquireTokenSilent({ account, scopes })).fromCache;
const renewed = await first.acquireTokenSilent({ account, scopes, forceRefresh: true });
seen.renewed = { fresh: renewed.accessToken !== interactive.accessToken, fromCache: renewed.fromCache, ...(await verified(renewed)) };

const second = publicClient();
const byDeviceCode = await second.acquireTokenByDeviceCode({
  scopes,
  deviceCodeCallback: async ({ verificationUri, userCode }) => {
    seen.deviceCodePage = (await completeDeviceCode(verificationUri, userCode, person)).includes('You have signed in');
  },
});
seen.deviceCode = await verified(byDeviceCode);

const byPassword = { scopes, username: USER, password: PASSWORD };
seen.password = await verified(await publicClient().acquireTokenByUsernamePassword(byPassword));
seen.wrongPassword = await refusal(publicClient().acquireTokenByUsernamePassword({ ...byPassword, password: 'guess' }));
seen.stranger = await refusal(publicClient().acquireTokenByUsernamePassword({ ...byPassword, username: `nobody-${USER}` }));

const application = { scopes: ['https://graph.microsoft.com/.default'] };
const confidential = (auth) => new ConfidentialClientApplication({ auth: { authority, ...auth } });
const bySecret = (clientSecret) => confidential({ clientId: CONFIDENTIAL, clientSecret });
seen.secret = await verified(await bySecret(SECRET).acquireTokenByClientCredential(application));
seen.wrongSecret = await refusal(bySecret('guess').acquireTokenByClientCredential(application));
const byCertificate = (clientId, thumbprint) => confidential({ clientId, clientCertificate: { privateKey: KEY, ...thumbprint } });
for (const [name, thumbprint] of [
  ['certificateSha1', { thumbprint: SHA1 }],
  ['certificateSha256', { thumbprintSha256: SHA256 }],
])
  seen[name] = await verified(await byCertificate(CERTIFIED, thumbprint).acquireTokenByClientCredential(application));
const stranger = byCertificate(CONFIDENTIAL, { thumbprintSha256: SHA256 });
seen.strangeCertificate = await refusal(stranger.acquireTokenByClientCredential(application));
seen.elsewhere = await refusal(
  new PublicClientApplication({
    auth: { clientId: PUBLIC, authority: 'https://login.microsoftonline.com/nowhere.example' },
  }).acquireTokenByUsernamePassword(byPassword),
);
console.log(JSON.stringify(seen));
