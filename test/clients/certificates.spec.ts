import { control } from '@greenscreen/control';
import { decodeCertificate, fromPem, toPem } from '@greenscreen/crypto/x509';
import { emulatedServices } from '@greenscreen/all';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCloud } from '../support/cloud.js';
import { ownDatabase } from '../support/database.js';
import { useFolder } from '../support/folder.js';
import { useLab } from '../support/lab.js';
import { openssl } from '../support/openssl.js';
import { certificatesOf, curl, damaged, nameOf, programsInstalled, type SeenCertificate } from './certificates.support.js';

const lab = useLab();
const file = useFolder();
let roots = '';
let intermediates = '';
beforeAll(async () => {
  roots = await file('roots.pem', await lab().control.roots());
});

const describeOpenssl = programsInstalled('openssl') ? describe : describe.skip;
const describeCurl = programsInstalled('curl') ? describe : describe.skip;

describeOpenssl('of the certificates of a whole run, the program openssl (skipped where it is not installed)', () => {
  let certificates: SeenCertificate[] = [];
  /** The device's clock ran ahead: what it got last is not valid yet for us. */
  let at = new Date();
  beforeAll(async () => {
    const result = await lab().replay();
    at = new Date(Date.now() + result.deviceMilliseconds);
    certificates = await certificatesOf(lab(), result);
    roots = await file('roots.pem', await lab().control.roots());
    intermediates = await file('intermediates.pem', await lab().control.intermediates());
  }, 60_000);

  interface Trust {
    readonly roots?: string;
    readonly flags?: readonly string[];
  }
  /** Names of those that `openssl verify` does not accept, with what it says. */
  async function refused(ders: readonly Buffer[], { roots: trusted = roots, flags = [] }: Trust = {}): Promise<string[]> {
    const seconds = String(Math.ceil(at.getTime() / 1000));
    const verdicts = await Promise.all(
      ders.map(async (der, index) => {
        const path = await file(`${index}.pem`, toPem(der));
        const verdict = openssl(['verify', ...flags, '-attime', seconds, '-CAfile', trusted, '-untrusted', intermediates, path]);
        return verdict.then(
          () => [],
          (error: unknown) => [`${nameOf(der)}: ${String(error)}`],
        );
      }),
    );
    return verdicts.flat();
  }
  const ders = (): Buffer[] => certificates.map(({ der }) => der);

  it('is shown all kinds that a run meets', () => {
    const kinds = certificates.map(({ where, der }) => `${where.replace(/^ifx-.*net$/, 'AIK host')}: ${issuerOf(der)}`);
    expect(kinds.filter((kind) => /My: .*MS-Organization-Access/.test(kind))).toHaveLength(2);
    for (const kind of [
      /^LocalMachine\\My: .*MS-Organization-P2P-Access/,
      /^LocalMachine\\My: CN=Microsoft Intune MDM Device CA$/,
      /^LocalMachine\\My: CN=WUS-IFX-KEYID-/,
      /^LocalMachine\\CA: CN=Microsoft Intune Root/,
      /^TPM: .*Infineon TPM EK Issuing CA/,
      /^aik \w+: CN=WUS-IFX-KEYID-/,
      /^aik GetCACertChain: .*Microsoft TPM Root/,
      /^AIK host: CN=Greenscreen Mock TLS Root/,
      /^login.live.com: CN=Greenscreen Mock TLS Root/,
    ])
      expect(kinds).toContainEqual(expect.stringMatching(kind));
  });

  it('accepts each of them under /roots.pem, with /intermediates.pem', async () => {
    expect(await refused(ders())).toEqual([]);
  });

  it('accepts them by RFC 5280 to the letter, but for Entra’s, which name no key of their issuer, as real ones do not', async () => {
    const [entras, others] = [true, false].map((wanted) =>
      ders().filter((der) => /MS-Organization-(P2P-)?Access/.test(issuerOf(der)) === wanted && !isRoot(der)),
    );
    expect(await refused(others ?? [], { flags: ['-x509_strict'] })).toEqual([]);
    const verdicts = await refused(entras ?? [], { flags: ['-x509_strict'] });
    expect(verdicts).toHaveLength(entras?.length ?? 0);
    for (const verdict of verdicts) expect(verdict).toMatch(/Missing Authority Key Identifier/);
  });

  it('refuses each when one bit of it is another', async () => {
    const issued = ders().filter((der) => !isRoot(der));
    expect(issued.length).toBeGreaterThan(15);
    expect(await refused(issued.map(damaged))).toHaveLength(issued.length);
  });

  it('refuses each under the roots of another installation, and theirs under ours', async () => {
    const { cloud, stop } = await startCloud([control], await ownDatabase('stranger'));
    try {
      const bundle = (await cloud.request('http://127.0.0.1/roots.pem')).text();
      const strangers = await file('strangers.pem', bundle);
      expect(await refused(ders(), { roots: strangers })).toHaveLength(certificates.length);
      expect(await refused(fromPem(bundle))).toHaveLength(fromPem(bundle).length);
      expect(await refused(fromPem(bundle), { roots: strangers })).toEqual([]);
    } finally {
      await stop();
    }
  }, 60_000);

  it('finds authorities alone in the trust bundle', async () => {
    const bundle = fromPem(await lab().control.roots());
    expect(bundle.filter((der) => !decodeCertificate(der).x509.ca).map(nameOf)).toEqual([]);
    expect(bundle.length).toBeGreaterThanOrEqual(5);
  });
});

const issuerOf = (der: Buffer): string => decodeCertificate(der).x509.issuer.replaceAll('\n', ', ');
const isRoot = (der: Buffer): boolean => {
  const { issuer, subject } = decodeCertificate(der);
  return issuer.raw.equals(subject.raw);
};

/** A name for each pattern: below a tenant's domain where a pattern is for those. */
const nameFor = (pattern: string): string =>
  pattern
    .replace(/\.\*\.\*\.\*$/, '.contosolab.onmicrosoft.com')
    .replace(/\.\*\.\*$/, '.contosolab.example')
    .replaceAll('*', 'contosolab');
const hosts = emulatedServices.flatMap(({ name, hosts: rules }) => rules.map(({ pattern }) => ({ service: name, host: nameFor(pattern) })));

describeCurl('curl with the trust bundle (skipped where it is not installed)', () => {
  const ask = (host: string, ...trust: string[]) => curl(host, lab().address.gateway.port, ...trust);
  const bundle = (): string[] => ['--cacert', roots];

  it.each(hosts)('speaks to $host ($service)', async ({ host }) => {
    const { exitCode, status, message } = await ask(host, ...bundle());
    expect({ exitCode, message }).toEqual({ exitCode: 0, message: '' });
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    expect(status).not.toBe(421);
  });

  it.each([
    ['a name that is not emulated', 'www.bank.test', /no alternative certificate subject name matches/],
    ['a name that fits a pattern, outside the domains that the root is constrained to', 'fleet.bank.test', /permitted subtree violation/],
    ['a name that only looks like an emulated one', 'graph.microsoft.com.bank.test', /no alternative certificate subject name matches/],
  ])('refuses %s', async (_what, host, reason) => {
    expect(await ask(host, ...bundle())).toMatchObject({ exitCode: 60, status: 0, message: expect.stringMatching(reason) as unknown });
  });

  it('refuses an emulated name without the bundle', async () => {
    const answer = { exitCode: 60, status: 0, message: expect.stringMatching(/certificate/) as unknown };
    expect(await ask('graph.microsoft.com')).toMatchObject(answer);
  });
});
