import { control } from '@greenscreen/control';
import { spkiOf } from '@greenscreen/crypto/keys';
import { tlsRoot } from '@greenscreen/host/authority/definitions';
import { mdm } from '@greenscreen/mdm';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { sts } from '@greenscreen/sts';
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { userToken } from '../conformance/mdm/support.js';
import { registerApplication } from '../support/application.js';
import { useCloud } from '../support/cloud.js';
import { findProgram } from '../support/find-program.js';
import { useFolder } from '../support/folder.js';
import { newTenant } from '../support/tenant.js';
import { useGateway } from './foreign-program.js';

const BROWSERS = ['chromium-headless-shell', 'chromium', 'google-chrome'];
const browser = findProgram(...BROWSERS);
const describeBrowser = browser === undefined ? describe.skip : describe;

describeBrowser(`in a browser (skipped where there is none of ${BROWSERS.join(', ')})`, () => {
  const gateway = useGateway(sts, mdm);
  const cloud = useCloud(control);
  const write = useFolder();

  it('people sign in, complete a device’s code, give a second factor, read the terms of use and sign out', async () => {
    const lab = await newTenant(gateway());
    const { context } = gateway();
    await context.dataSource.manager.update(DirectoryUser, { id: lab.admin.id }, { mfaRequired: true });
    const root = await context.authorities.get(tlsRoot);
    const home = dirname(await write('home', ''));
    const screenshots = process.env.GREENSCREEN_SCREENSHOTS ?? join(home, 'pages');
    await mkdir(screenshots, { recursive: true });
    const seen = await gateway().run('browser.mjs', {
      HOME: home,
      BROWSER: browser ?? '',
      ROOT_SPKI: createHash('sha256').update(spkiOf(root.publicKey)).digest('base64'),
      CONTROL: `http://127.0.0.1:${cloud().port}`,
      PROFILE: join(home, 'profile'),
      SCREENSHOTS: screenshots,
      TENANT: lab.tenant.id,
      CLIENT_ID: await registerApplication(gateway(), lab, { scopes: ['User.Read'] }),
      USER: lab.user.upn,
      CAREFUL: lab.admin.upn,
      PASSWORD: lab.password,
      TERMS_TOKEN: await userToken({ ...cloud(), context }, lab),
    });
    expect(seen).toMatchObject({
      title: 'Sign in to your account',
      focus: 'login',
      refused: expect.stringContaining('(50126)'),
      focusAgain: 'passwd',
      returned: 'localhost',
      signedIn: [lab.user.upn, ['pwd']],
      singleSignOn: lab.user.upn,
      focusOfCode: 'otc',
      wrongCode: expect.stringContaining("didn't work"),
      completed: 'You have signed in',
      deviceCode: lab.user.upn,
      hinted: [lab.admin.upn, 'passwd'],
      focusOfFactor: 'otc',
      wrongFactor: expect.stringContaining('(500121)'),
      secondFactor: [lab.admin.upn, ['pwd', 'mfa']],
      strayed: expect.stringContaining('AADSTS50011'),
      terms: 'Terms of use',
      accept: expect.stringMatching(/^ms-appx-web:\/\/Microsoft\.AAD\.BrokerPlugin\?IsAccepted=true&OpaqueBlob=/),
      decline: 'ms-appx-web://Microsoft.AAD.BrokerPlugin?IsAccepted=false',
      signedOut: 'You signed out',
      complaints: [],
    });
    const { looks } = seen as { looks: { name: string }[] };
    expect(looks.map(({ name }) => name)).toContain('second-factor-narrow');
    expect(looks).toEqual(looks.map(({ name }) => ({ name, overflow: 0, honest: true, secure: true })));
  }, 300_000);
});
