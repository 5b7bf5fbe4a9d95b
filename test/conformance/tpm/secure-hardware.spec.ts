import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { spkiOf } from '@greenscreen/crypto/keys';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { CERTREQ_OUTPUT } from '@greenscreen/device/attest';
import { startSwtpm, swtpmInstalled } from '@greenscreen/device/tpm';
import { ztd } from '@greenscreen/ztd';
import { useCloud } from '../../support/cloud.js';
import { newMachine } from './machine.support.js';

const cloud = useCloud(attestation, control, ztd);

/** 06 D-B57, with 208 after 151 and 190 after 250 (06 D-A66). */
const HAPPY = [153, 150, 177, 201, 151, 208, 186, 152, 252, 250, 190, 251, 205, 253, 176, 168, 169, 157, 153];
const DIALOGUE = ['aik GetCACaps', 'aik GetCACertChain', 'aik PKCSReq', 'aik ChallengeAnswer'];

describe('Securing your hardware', () => {
  it('03-17 ends with an AIK certificate and an identity that counts as attested', async () => {
    const machine = await newMachine(cloud());
    const identity = await machine.secure();
    expect(machine.ids()).toEqual(HAPPY);
    expect(machine.data(177)).toEqual({ Attempt: 1, MaxAttempts: 10 });
    expect(machine.data(251)).toMatchObject({ HRESULT: '0x0', MaxMs: 420_000 });
    expect(machine.data(176)).toEqual({ ServerState: 'attested key', ClientState: 'attested key' });
    expect(machine.requests).toEqual(['ek-pki Certificate', 'ek-pki Certificate', ...DIALOGUE, 'msa DeviceAdd']);
    expect(identity.ekCertificate).toEqual(machine.ekCertificate);
    expect(decodeCertificate(identity.aikCertificate).spki).toEqual(spkiOf(identity.aik.publicKey));
    const [stored] = machine.context.stores.in('LocalMachine\\My');
    expect(stored?.der).toEqual(identity.aikCertificate);
    expect(stored?.privateKey).toEqual({ kind: 'tpm', handle: identity.aik.handle });
    expect(stored?.issuer).toMatch(/CN=WUS-IFX-KEYID-[0-9A-F]{40}/);
    expect(machine.context.files.get(CERTREQ_OUTPUT)).toContain('EnrollStatus(1): Enrolled');
  });

  it('03-18 works with a P-256 EK', async () => {
    const machine = await newMachine(cloud(), { ek: 'ecc', vendor: 'STM', firmware: '1.258' });
    await machine.secure();
    expect(machine.ids()).toEqual(HAPPY);
  });

  (swtpmInstalled() ? it : it.skip)(
    '03-17 works with a real TPM 2.0 (swtpm)',
    async () => {
      const tpm = await startSwtpm({ ek: 'rsa2048' });
      try {
        const machine = await newMachine(cloud(), { tpm });
        const { aik } = await machine.secure();
        expect(machine.ids()).toEqual(HAPPY);
        expect((await tpm.readKey(aik.handle)).publicArea).toEqual(aik.publicArea);
      } finally {
        await tpm.close();
      }
    },
    60_000,
  );

  it.each([
    ['INTC', 'ek-intel'],
    ['AMD', 'ek-amd'],
    ['QCOM', 'ek-qcom'],
    ['MSFT', 'ek-qcom'],
  ] as const)('03-1 fetches the EK certificate of a firmware TPM of %s', async (vendor, service) => {
    const machine = await newMachine(cloud(), { vendor, firmware: '600.18', cert: 'fetch' }, { tpm: { kind: 'firmware' } });
    const identity = await machine.secure();
    expect(machine.requests[0]).toBe(`${service} EkFetch`);
    expect(identity.ekCertificate).toEqual(machine.ekCertificate);
    expect(machine.ids()).toEqual(HAPPY);
  });

  it('03-3 finds the certificate of an ECC key at Intel’s service', async () => {
    const machine = await newMachine(cloud(), { vendor: 'INTC', ek: 'ecc', cert: 'fetch' });
    expect((await machine.secure()).ekCertificate).toEqual(machine.ekCertificate);
  });

  it('skips what an earlier run has achieved', async () => {
    const machine = await newMachine(cloud());
    const first = await machine.secure();
    machine.requests.length = 0;
    const before = machine.ids().length;
    const second = await machine.secure();
    expect(second.aikCertificate).toEqual(first.aikCertificate);
    expect(second.aik.publicArea).toEqual(first.aik.publicArea);
    expect(machine.requests).toEqual(['msa DeviceAdd']);
    expect(machine.ids().slice(before)).toEqual([153, 150, 177, 191, 252, 253, 176, 168, 169, 157, 153]);
  });
});
