/** A person at the sign-in page, for programs that have no browser: reads `$Config` and posts the form. */

const configOf = (html) => JSON.parse(/\$Config=(.*);\n\/\/\]\]>/.exec(html)?.[1] ?? '{}');

const post = (url, fields) =>
  fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });

async function givePassword(origin, html, { user, password }) {
  const { urlPost, sFT, sCtx, canary } = configOf(html);
  const fields = { login: user, loginfmt: user, passwd: password, flowToken: sFT, ctx: sCtx, canary, type: '11' };
  return post(new URL(urlPost, origin), fields);
}

/** Signs in on the page of an authorize address. Returns where the browser is sent. */
export async function signInThroughPage(authorizeUrl, person) {
  const page = await fetch(authorizeUrl, { redirect: 'manual' });
  const answer = await givePassword(page.url, await page.text(), person);
  const location = answer.headers.get('location');
  if (!location) throw new Error(`The page did not let ${person.user} in: ${configOf(await answer.text()).sErrTxt}`);
  return location;
}

/** Types a device's code and signs in. Returns the page that says so. */
export async function completeDeviceCode(verificationUrl, userCode, person) {
  const entered = await post(verificationUrl, { otc: userCode });
  return (await givePassword(entered.url, await entered.text(), person)).text();
}
