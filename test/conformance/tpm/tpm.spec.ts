import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, constants, generateKeyPairSync, publicEncrypt, randomBytes, verify } from 'node:crypto';
import { verifyKeyAttestation } from '@greenscreen/crypto/key-attestation';
import { KeyPool } from '@greenscreen/crypto/keys';
import { makeCredential, objectName, qualifiedName } from '@greenscreen/crypto/tpm';
import { createSoftwareTpm, startSwtpm, swtpmInstalled, type Tpm, type TpmAik, TpmError, type TpmKey } from '@greenscreen/device/tpm';
import {
  decodeAttest,
  decodeCreationData,
  decodePublicArea,
  decodeTpmSignature,
  eccEkTemplate,
  encodePublicArea,
  objectAttributes,
  rsaEkTemplate,
  tpmHandles,
} from '@greenscreen/wire/tpm';

const keys = new KeyPool({});
const implementations: Readonly<Record<string, (ek: 'rsa2048' | 'ecc') => Promise<Tpm>>> = {
  'the software TPM': (ek) => createSoftwareTpm({ ek, keys }),
  swtpm: (ek) => startSwtpm({ ek }),
};
/** Without swtpm its half says so instead of passing. */
const describeWith = (name: string): typeof describe =>
  (name === 'swtpm' && !swtpmInstalled() ? describe.skip : describe) as typeof describe;

for (const [name, start] of Object.entries(implementations)) {
  describeWith(name)(name, () => {
    let tpm: Tpm;
    let aik: TpmAik;
    let key: TpmKey;
    beforeAll(async () => {
      tpm = await start('rsa2048');
      aik = await tpm.createAik();
      key = await tpm.createKey();
    }, 60_000);
    afterAll(() => tpm.close());

    it('03-38 the EK’s public area is the default template around its modulus', () => {
      const { publicArea } = tpm.endorsementKey;
      const area = decodePublicArea(publicArea);
      if (area.type !== 'rsa') throw new Error('not an RSA key');
      expect(publicArea.length).toBe(314);
      expect(publicArea.equals(encodePublicArea({ ...rsaEkTemplate, modulus: area.modulus }))).toBe(true);
    });

    it('keeps an EK certificate in NV, of any length', async () => {
      expect(await tpm.readEkCertificate()).toBeUndefined();
      for (const length of [1300, 17]) {
        const der = randomBytes(length);
        await tpm.writeEkCertificate(der);
        expect((await tpm.readEkCertificate())?.equals(der)).toBe(true);
      }
    });

    it('makes the AIK that Windows makes, and says how', async () => {
      expect(aik.publicArea.length).toBe(312);
      const area = decodePublicArea(aik.publicArea);
      expect(area.attributes).toBe(0x00050472);
      expect(area.authPolicy.toString('hex')).toBe('9dffcbf36c383ae699fb9868dc6dcb89d7153884be2803922c124158bfad22ae');
      expect(aik.creationData.toString('hex')).toBe(
        '000000000020e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550100100004400000010004400000010000',
      );
      expect(decodeCreationData(aik.creationData).locality).toBe(1);
    });

    it('03-37 certifies the creation of its AIK, once, in 139 bytes', async () => {
      const fresh = await tpm.createAik();
      const { attest, signature } = await tpm.certifyCreation(fresh);
      expect(attest.length).toBe(139);
      const statement = decodeAttest(attest);
      if (statement.type !== 'creation') throw new Error('another statement');
      expect(statement.objectName).toEqual(objectName(fresh.publicArea));
      expect(statement.creationHash).toEqual(createHash('sha256').update(fresh.creationData).digest());
      expect(statement.qualifiedSigner).toEqual(qualifiedName(tpmHandles.owner, objectName(fresh.publicArea)));
      const decoded = decodeTpmSignature(signature);
      expect(decoded).toMatchObject({ scheme: 'rsassa', hash: 'sha1' });
      expect(verify('sha1', attest, fresh.publicKey, decoded.signature)).toBe(true);
      await expect(tpm.certifyCreation(fresh)).rejects.toThrow(TpmError);
      await tpm.evict(fresh);
    });

    it('03-37 certifies a key of its own for whoever asks', async () => {
      const qualifyingData = createHash('sha256').update('nonce').digest();
      const statement = await tpm.certify(key, aik, qualifyingData);
      expect(() => verifyKeyAttestation(statement, { key: key.publicKey, aik: aik.publicKey, qualifyingData })).not.toThrow();
      const { attributes } = decodePublicArea(key.publicArea);
      expect(attributes & objectAttributes.restricted).toBe(0);
      const short = await tpm.certify(key, aik, randomBytes(4));
      expect(short.attest.length).toBe(145);
    });

    it('signs digests and opens what was encrypted to a key', async () => {
      const signature = await tpm.sign(key, createHash('sha256').update('text').digest());
      expect(verify('sha256', Buffer.from('text'), key.publicKey, signature)).toBe(true);
      const oaep = { key: key.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
      expect((await tpm.decryptOaep(key, publicEncrypt(oaep, Buffer.from('session key')))).toString()).toBe('session key');
      const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
      await expect(tpm.decryptOaep(key, publicEncrypt({ ...oaep, key: other.publicKey }, Buffer.from('x')))).rejects.toThrow(TpmError);
    });

    it('03-36 activates a credential for its EK and AIK, and no other', async () => {
      const secret = randomBytes(32);
      for (const seed of [randomBytes(32), randomBytes(16)]) {
        const challenge = await makeCredential(tpm.endorsementKey.publicKey, objectName(aik.publicArea), secret, seed);
        expect(await tpm.activateCredential(aik, challenge)).toEqual(secret);
      }
      const forAnother = await makeCredential(tpm.endorsementKey.publicKey, objectName(key.publicArea), secret);
      await expect(tpm.activateCredential(aik, forAnother)).rejects.toMatchObject({ code: 0x1df });
    });

    it('03-36 takes seeds of 16 and 32 bytes, not of 33', async () => {
      const name = objectName(aik.publicArea);
      const secret = randomBytes(32);
      const withSeed = (length: number) => makeCredential(tpm.endorsementKey.publicKey, name, secret, randomBytes(length));
      for (const length of [16, 32]) expect(await tpm.activateCredential(aik, await withSeed(length))).toEqual(secret);
      await expect(tpm.activateCredential(aik, await withSeed(33))).rejects.toMatchObject({ code: 0x2c4 });
    });

    it('03-32 tells by its return code what is wrong with a credential', async () => {
      const good = await makeCredential(tpm.endorsementKey.publicKey, objectName(aik.publicArea), randomBytes(32));
      const damaged = (part: 'credentialBlob' | 'secret', at: number) => {
        const bytes = Buffer.from(good[part]);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return tpm.activateCredential(aik, { ...good, [part]: bytes });
      };
      await expect(damaged('credentialBlob', 10)).rejects.toMatchObject({ code: 0x1df });
      await expect(damaged('credentialBlob', 60)).rejects.toMatchObject({ code: 0x1df });
      await expect(damaged('secret', 60)).rejects.toMatchObject({ code: 0x101 });
      expect(await tpm.activateCredential(aik, good)).toHaveLength(32);
    });

    it('uses each key for what it is for', async () => {
      const digest = randomBytes(32);
      await expect(tpm.sign(aik, digest)).rejects.toMatchObject({ code: 0x2d2 });
      await expect(tpm.decryptOaep(aik, randomBytes(256))).rejects.toMatchObject({ code: 0x182 });
      await expect(tpm.certify(aik, key, digest)).rejects.toMatchObject({ code: 0x2d2 });
      await expect(tpm.certify(key, aik, randomBytes(67))).rejects.toMatchObject({ code: 0x1d5 });
      await expect(tpm.sign(key, randomBytes(20))).rejects.toMatchObject({ code: 0x1d5 });
      await expect(tpm.decryptOaep(key, randomBytes(10))).rejects.toMatchObject({ code: 0x95 });
      await expect(tpm.certify(tpm.endorsementKey, aik, digest)).rejects.toMatchObject({ code: 0x124 });
    });

    it('finds a key again by its handle', async () => {
      for (const known of [aik, key, tpm.endorsementKey]) expect((await tpm.readKey(known.handle)).publicArea).toEqual(known.publicArea);
      await expect(tpm.readKey(0x810102fe)).rejects.toMatchObject({ code: 0x18b });
    });

    it('keeps authorities of its vendor, more than one NV index holds', async () => {
      expect(await tpm.readEkChain()).toHaveLength(0);
      for (const length of [4000, 900]) {
        const chain = randomBytes(length);
        await tpm.writeEkChain(chain);
        expect((await tpm.readEkChain()).equals(chain)).toBe(true);
      }
    });

    it('forgets a key that it evicted', async () => {
      const gone = await tpm.createKey();
      await tpm.evict(gone);
      await expect(tpm.sign(gone, randomBytes(32))).rejects.toThrow(TpmError);
      for (let n = 0; n < 6; n += 1) await tpm.evict(await tpm.createKey());
    });
  });

  describeWith(name)(`${name} with an elliptic EK`, () => {
    it('03-36 activates a credential for it', async () => {
      const tpm = await start('ecc');
      try {
        const area = decodePublicArea(tpm.endorsementKey.publicArea);
        expect(area).toMatchObject({ type: 'ecc', curve: 'P-256', attributes: eccEkTemplate.attributes });
        const aik = await tpm.createAik();
        const secret = randomBytes(20);
        const challenge = await makeCredential(tpm.endorsementKey.publicKey, objectName(aik.publicArea), secret);
        expect(await tpm.activateCredential(aik, challenge)).toEqual(secret);
        await tpm.writeEkCertificate(randomBytes(600));
        expect(await tpm.readEkCertificate()).toHaveLength(600);
      } finally {
        await tpm.close();
      }
    }, 60_000);
  });
}
