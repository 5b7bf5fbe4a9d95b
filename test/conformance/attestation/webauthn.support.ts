import { rsaNumbers } from '@greenscreen/crypto/keys';
import { type Certificate } from '@greenscreen/crypto/x509';
import { type Tpm, type TpmAik } from '@greenscreen/device/tpm';
import { decodeTpmSignature } from '@greenscreen/wire/tpm';
import { SettingsService, verifyRegistrationResponse } from '@simplewebauthn/server';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { createHash, randomBytes } from 'node:crypto';

const RP = 'lab.example';
const ORIGIN = `https://${RP}`;
/** COSE algorithms: RSASSA with SHA-1, RSASSA with SHA-256, and the key type RSA. */
const RS1 = -65535;
const RS256 = -257;
const RSA = 3;

/** Registers a new key of the TPM with a WebAuthn server, by a statement of its AIK (format `tpm`). Throws when the server refuses. */
export async function verifyWithWebAuthn(
  tpm: Tpm,
  { aik, certificate, issuing }: { readonly aik: TpmAik; readonly certificate: Certificate; readonly issuing: Certificate },
  roots: string[],
): Promise<boolean> {
  SettingsService.setRootCertificates({ identifier: 'tpm', certificates: roots });
  const challenge = randomBytes(32).toString('base64url');
  const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.create', challenge, origin: ORIGIN, crossOrigin: false }));
  const key = await tpm.createKey();
  const id = randomBytes(32);
  const authData = authenticatorData(id, rsaNumbers(key.publicKey));
  const signed = Buffer.concat([authData, createHash('sha256').update(clientDataJSON).digest()]);
  const statement = await tpm.certify(key, aik, createHash('sha1').update(signed).digest());
  const attestationObject = isoCBOR.encode(
    new Map<string, unknown>([
      ['fmt', 'tpm'],
      [
        'attStmt',
        new Map<string, unknown>([
          ['ver', '2.0'],
          ['alg', RS1],
          ['x5c', [certificate.der, issuing.der].map((der) => new Uint8Array(der))],
          ['sig', new Uint8Array(decodeTpmSignature(statement.signature).signature)],
          ['certInfo', new Uint8Array(statement.attest)],
          ['pubArea', new Uint8Array(statement.publicArea)],
        ]),
      ],
      ['authData', new Uint8Array(authData)],
    ]) as never,
  );
  const credential = id.toString('base64url');
  const { verified } = await verifyRegistrationResponse({
    response: {
      id: credential,
      rawId: credential,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientDataJSON.toString('base64url'),
        attestationObject: Buffer.from(attestationObject).toString('base64url'),
      },
    },
    expectedChallenge: challenge,
    expectedOrigin: ORIGIN,
    expectedRPID: RP,
    requireUserVerification: false,
  });
  return verified;
}

function authenticatorData(id: Buffer, { modulus, exponent }: { readonly modulus: Buffer; readonly exponent: Buffer }): Buffer {
  const coseKey = new Map<number, unknown>([
    [1, RSA],
    [3, RS256],
    [-1, new Uint8Array(modulus)],
    [-2, new Uint8Array(exponent)],
  ]);
  return Buffer.concat([
    createHash('sha256').update(RP).digest(),
    // User present, attested credential data included.
    Buffer.from([0x41, 0, 0, 0, 0]),
    Buffer.alloc(16),
    Buffer.from([0, id.length]),
    id,
    isoCBOR.encode(coseKey as never),
  ]);
}
