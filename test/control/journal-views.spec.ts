import { processConsole, run as greenscreen } from '@greenscreen/cli';
import { type JournalExchange, type JournalPart, type JournalView } from '@greenscreen/scenarios/cloud';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useLab } from '../support/lab.js';

const lab = useLab();
let run = '';
beforeAll(async () => {
  ({ run } = await lab().replay());
}, 60_000);

async function exchange(service: string, operation: string): Promise<JournalExchange> {
  const lines = await lab().control.journal({ run, service, operation, refused: 'false' });
  const line = lines.find(({ method }) => method === 'POST');
  if (!line) throw new Error(`The run has no ${service} ${operation}`);
  return lab().control.journalExchange(line.id);
}

/** What is found in it, by where: `request.CertificateRequest.Data: csr`. */
const inside = (at: string, view: JournalView | undefined): string[] =>
  view ? [`${at}: ${view.kind}`, ...(view.parts ?? []).flatMap((part) => inside(`${at}.${part.at}`, part.view))] : [];
const views = ({ decoded: { request, response, requestHeaders } }: JournalExchange): string[] => [
  ...inside('request', request),
  ...inside('response', response),
  ...requestHeaders.flatMap((part: JournalPart) => inside(part.at, part.view)),
];
const valueAt = (view: JournalView | undefined, ...path: string[]): unknown =>
  path.reduce((found, at) => found?.parts?.find((part) => part.at === at)?.view, view)?.value;

describe('the journal of a run, to read', () => {
  it('a join: tokens, the request for a certificate and the certificate', async () => {
    const join = await exchange('drs', 'Join');
    expect(views(join)).toEqual(
      expect.arrayContaining([
        'request: json',
        'request.CertificateRequest.Data: csr',
        'request.AikCertificate: certificate',
        'request.attributes.DDID.t: jwt',
        'response.Certificate.RawBody: certificate',
        'authorization: jwt',
      ]),
    );
    const { request, response } = join.decoded;
    expect(valueAt(request, 'CertificateRequest.Data')).toMatchObject({ key: 'rsa 2048', signedByItsKey: true });
    expect(valueAt(response, 'Certificate.RawBody')).toMatchObject({
      issuer: expect.stringContaining('CN=MS-Organization-Access'),
      thumbprint: (response?.value as { Certificate: { Thumbprint: string } }).Certificate.Thumbprint,
    });
    expect(join.response).toHaveProperty('text');
  });

  it('an enrollment: SOAP, the token in it, and what is in the provisioning document', async () => {
    const enrollment = await exchange('mdm-enroll', 'RST');
    const found = views(enrollment);
    expect(found).toEqual(
      expect.arrayContaining(['request: soap', 'request.header.Security.BinarySecurityToken.#text: jwt', 'response: soap']),
    );
    expect(found.filter((line) => /BinarySecurityToken\.#text: (csr|wap)$/.test(line))).toHaveLength(2);
    expect(found.filter((line) => /BinarySecurityToken\.#text\.CertificateStore.*: certificate$/.test(line)).length).toBeGreaterThan(1);
  });

  it('the AIK dialogue: a signed message, opened, down to what the TPM says', async () => {
    const request = await exchange('aik', 'PKCSReq');
    const found = views(request);
    expect(found).toEqual(
      expect.arrayContaining([
        'request: cms',
        'request.content: cms',
        'request.content.content: csr',
        'request.content.content.attributes.attestationStatement: key-attestation-statement',
        'request.content.content.attributes.attestationStatement.publicArea: tpm-public',
        'request.content.content.attributes.attestationStatement.attest: tpm-attest',
      ]),
    );
    expect(request.decoded.request?.value).toMatchObject({ signers: [{ attributes: { messageType: '19 (PKCSReq)' } }] });
    expect(valueAt(request.decoded.request, 'content', 'content', 'attributes.attestationStatement', 'attest')).toMatchObject({
      type: 'creation',
    });
  });

  it('a management session and a token', async () => {
    const session = await exchange('omadm', 'Session');
    expect(session.decoded.request).toMatchObject({ kind: 'syncml', value: { header: { msgId: '1' }, final: true } });
    const token = await exchange('sts', 'Token');
    expect(token.decoded.request?.kind).toBe('form');
    expect(valueAt(token.decoded.response, 'access_token')).toMatchObject({
      claims: { tid: expect.any(String) },
      times: { exp: expect.any(String) },
    });
  });

  it('is shown by the command, decoded or as it was', async () => {
    const { id } = await exchange('drs', 'Join');
    const show = async (...options: string[]): Promise<string> => {
      const lines: string[] = [];
      const out = { ...processConsole(), line: (text = ''): unknown => lines.push(text) };
      expect(await greenscreen(['node', 'greenscreen', 'journal', id, '--control', lab().address.control, ...options], out)).toBe(0);
      return lines.join('\n');
    };
    expect(await show()).toMatch(/── CertificateRequest\.Data: csr.*\n[\s\S]*signedByItsKey: true/);
    const raw = await show('--raw');
    expect(raw).toContain('"CertificateRequest":{');
    expect(raw).not.toContain('──');
  });
});
