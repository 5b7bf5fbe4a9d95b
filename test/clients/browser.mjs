/**
 * A person with a real browser, headless: signs in to a program of Microsoft's library, completes a device's code, gives a second factor,
 * answers the terms of use. Prints what was on the screen; leaves pictures of the pages in SCREENSHOTS.
 */
import { PublicClientApplication } from '@azure/msal-node';
import { chromium } from 'playwright-core';

const { BROWSER, ROOT_SPKI, CONTROL, PROFILE, SCREENSHOTS, TENANT, CLIENT_ID, USER, CAREFUL, PASSWORD, TERMS_TOKEN } = process.env;
/** Milliseconds: a browser's first start from a cold disk is slow. */
const PATIENCE = 120_000;
const context = await chromium.launchPersistentContext(PROFILE, {
  executablePath: BROWSER,
  timeout: PATIENCE,
  viewport: { width: 1280, height: 800 },
  // Names and trust, as a hosts file and a root store would give them: every name leads to the gateway, and its root vouches for it.
  args: [
    `--host-resolver-rules=MAP *:443 127.0.0.1:${process.env.GREENSCREEN_GATEWAY_PORT}`,
    `--ignore-certificate-errors-spki-list=${ROOT_SPKI}`,
    '--disable-dev-shm-usage',
  ],
});
context.setDefaultTimeout(PATIENCE);
const page = await context.newPage();
const complaints = [];
page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
page.on('pageerror', ({ message }) => complaints.push(message));

const seen = { looks: [] };
/** Takes a picture in two sizes, and notes what a person could not use: a page that says nothing of the lab, that is wider than the screen. */
async function look(name) {
  for (const [size, viewport] of [
    ['wide', { width: 1280, height: 800 }],
    ['narrow', { width: 360, height: 720 }],
  ]) {
    await page.setViewportSize(viewport);
    const overflow = await page.evaluate(
      () => globalThis.document.documentElement.scrollWidth - globalThis.document.documentElement.clientWidth,
    );
    const honest = await page.getByRole('note').innerText();
    const secure = await page.evaluate(() => globalThis.isSecureContext);
    seen.looks.push({ name: `${name}-${size}`, overflow, honest: honest.includes('mock'), secure });
    await page.screenshot({ path: `${SCREENSHOTS}/${name}-${size}.png` });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

const focused = () => page.evaluate(() => globalThis.document.activeElement?.id);

async function signIn(user, password) {
  await page.getByLabel('Email').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const authority = `https://login.microsoftonline.com/${TENANT}`;
const scopes = ['https://graph.microsoft.com/User.Read'];
const program = () => new PublicClientApplication({ auth: { clientId: CLIENT_ID, authority } });
const amrOf = ({ accessToken }) => JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url')).amr;

// A program's sign-in: code with PKCE, back to the program's own port.
const first = await program().acquireTokenInteractive({
  scopes,
  openBrowser: async (url) => {
    await page.goto(url);
    seen.title = await page.title();
    seen.focus = await focused();
    await look('sign-in');
    await signIn(USER, 'guess');
    seen.refused = await page.getByRole('alert').innerText();
    seen.focusAgain = await focused();
    await look('sign-in-refused');
    await signIn(USER, PASSWORD);
    await page.getByText('The program has its tokens').waitFor();
    seen.returned = new URL(page.url()).hostname;
  },
  successTemplate: '<h1>The program has its tokens</h1>',
});
seen.signedIn = [first.account.username, amrOf(first)];

// The browser is known now: no page for the next program.
const second = await program().acquireTokenInteractive({
  scopes,
  openBrowser: (url) => page.goto(url).then(() => undefined),
  successTemplate: '<h1>The program has its tokens</h1>',
});
seen.singleSignOn = second.account.username;

// The code of a device that has no browser.
const third = await program().acquireTokenByDeviceCode({
  scopes,
  deviceCodeCallback: async ({ verificationUri, userCode }) => {
    await page.goto(verificationUri);
    seen.focusOfCode = await focused();
    await look('device-code');
    await page.getByLabel('Enter the code').fill('NOTACODE1');
    await page.getByRole('button', { name: 'Next' }).click();
    seen.wrongCode = await page.getByRole('alert').innerText();
    await page.getByLabel('Enter the code').fill(userCode.toLowerCase());
    await page.getByRole('button', { name: 'Next' }).click();
    await look('device-code-sign-in');
    await signIn(USER, PASSWORD);
    seen.completed = await page.getByRole('heading').innerText();
    await look('device-code-completed');
  },
});
seen.deviceCode = third.account.username;

// Somebody who has a second factor.
await context.clearCookies();
const codeOf = async () => (await (await fetch(`${CONTROL}/second-factors?user=${CAREFUL}`)).json()).pending[0].code;
const fourth = await program().acquireTokenInteractive({
  scopes,
  loginHint: CAREFUL,
  openBrowser: async (url) => {
    await page.goto(url);
    seen.hinted = [await page.getByLabel('Email').inputValue(), await focused()];
    await signIn(CAREFUL, PASSWORD);
    seen.focusOfFactor = await focused();
    await look('second-factor');
    const code = await codeOf();
    await page.getByLabel('Code').fill(code === '000000' ? '000001' : '000000');
    await page.getByRole('button', { name: 'Verify' }).click();
    seen.wrongFactor = await page.getByRole('alert').innerText();
    await look('second-factor-refused');
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('The program has its tokens').waitFor();
  },
  successTemplate: '<h1>The program has its tokens</h1>',
});
seen.secondFactor = [fourth.account.username, amrOf(fourth)];

// A request that cannot be sent back to anybody.
await page.goto(
  `${authority}/oauth2/v2.0/authorize?client_id=${CLIENT_ID}&redirect_uri=https%3A%2F%2Fevil.example&response_type=code&scope=openid`,
);
seen.strayed = await page.getByRole('alert').innerText();
await look('error');

// The terms of use of the MDM service, which Windows opens with the user's token.
await page.setExtraHTTPHeaders({ Authorization: `Bearer ${TERMS_TOKEN}` });
const broker = 'ms-appx-web://Microsoft.AAD.BrokerPlugin';
await page.goto(`https://portal.manage.microsoft.com/TermsofUse.aspx?api-version=1.0&redirect_uri=${encodeURIComponent(broker)}`);
seen.terms = await page.getByRole('heading').innerText();
await look('terms-of-use');
seen.accept = await page.getByRole('link', { name: 'Accept' }).getAttribute('href');
seen.decline = await page.getByRole('link', { name: 'Decline' }).getAttribute('href');
await page.setExtraHTTPHeaders({});

await page.goto(`${authority}/oauth2/v2.0/logout`);
seen.signedOut = await page.getByRole('heading').innerText();
await look('signed-out');

seen.complaints = complaints.filter((text) => !/status of 40\d/.test(text));
await context.close();
console.log(JSON.stringify(seen));
