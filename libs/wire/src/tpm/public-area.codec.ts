import { tpmAlgorithms as alg, tpmCurves } from './constants.js';
import { TpmFormatError } from './error.js';
import { tpm2b, TpmReader, tpmU16, tpmU32 } from './marshalling.js';

/** TPMT_SYM_DEF_OBJECT of a storage key. */
export interface SymmetricDefinition {
  readonly algorithm: number;
  readonly keyBits: number;
  readonly mode: number;
}

/** TPMT_RSA_SCHEME, TPMT_ECC_SCHEME; `hash` is absent for RSAES. */
export interface SchemeDefinition {
  readonly algorithm: number;
  readonly hash?: number;
}

interface CommonArea {
  readonly nameAlg: number;
  /** TPMA_OBJECT, see `objectAttributes`. */
  readonly attributes: number;
  readonly authPolicy: Buffer;
  readonly symmetric?: SymmetricDefinition;
  readonly scheme?: SchemeDefinition;
}

export interface RsaPublicArea extends CommonArea {
  readonly type: 'rsa';
  readonly keyBits: number;
  /** 0 stands for 65537. */
  readonly exponent: number;
  /** Big endian; zeros in a template. */
  readonly modulus: Buffer;
}

export interface EccPublicArea extends CommonArea {
  readonly type: 'ecc';
  readonly curve: 'P-256' | 'P-384' | 'P-521';
  readonly x: Buffer;
  readonly y: Buffer;
}

/** TPMT_PUBLIC of an asymmetric key (TPM 2.0 Structures, 12.2.4; reference 03, 1.2 and 3.1). */
export type PublicArea = RsaPublicArea | EccPublicArea;

/** Without the TPM2B size. */
export function encodePublicArea(area: PublicArea): Buffer {
  const head = [tpmU16(area.type === 'rsa' ? alg.rsa : alg.ecc), tpmU16(area.nameAlg), tpmU32(area.attributes), tpm2b(area.authPolicy)];
  const common = [...head, symmetricBytes(area.symmetric), schemeBytes(area.scheme)];
  return area.type === 'rsa'
    ? Buffer.concat([...common, tpmU16(area.keyBits), tpmU32(area.exponent), tpm2b(area.modulus)])
    : Buffer.concat([...common, tpmU16(curveId(area.curve)), tpmU16(alg.null), tpm2b(area.x), tpm2b(area.y)]);
}

/** Inverse, from bytes without the TPM2B size. Throws {@link TpmFormatError}. */
export function decodePublicArea(bytes: Buffer): PublicArea {
  const reader = new TpmReader(bytes);
  const type = reader.u16();
  if (type !== alg.rsa && type !== alg.ecc) throw new TpmFormatError('not an asymmetric key');
  const head = { nameAlg: reader.u16(), attributes: reader.u32(), authPolicy: reader.sized() };
  const symmetric = readSymmetric(reader);
  const scheme = readScheme(reader);
  const common = { ...head, ...(symmetric ? { symmetric } : {}), ...(scheme ? { scheme } : {}) };
  const area: PublicArea =
    type === alg.rsa
      ? { type: 'rsa', ...common, keyBits: reader.u16(), exponent: reader.u32(), modulus: reader.sized() }
      : { type: 'ecc', ...common, curve: readCurve(reader), ...readPoint(reader) };
  reader.end();
  return area;
}

const symmetricBytes = (symmetric: SymmetricDefinition | undefined): Buffer =>
  symmetric ? Buffer.concat([symmetric.algorithm, symmetric.keyBits, symmetric.mode].map(tpmU16)) : tpmU16(alg.null);

const schemeBytes = (scheme: SchemeDefinition | undefined): Buffer =>
  Buffer.concat([tpmU16(scheme?.algorithm ?? alg.null), ...(scheme?.hash === undefined ? [] : [tpmU16(scheme.hash)])]);

function readSymmetric(reader: TpmReader): SymmetricDefinition | undefined {
  const algorithm = reader.u16();
  return algorithm === alg.null ? undefined : { algorithm, keyBits: reader.u16(), mode: reader.u16() };
}

function readScheme(reader: TpmReader): SchemeDefinition | undefined {
  const algorithm = reader.u16();
  if (algorithm === alg.null) return undefined;
  return algorithm === alg.rsaes ? { algorithm } : { algorithm, hash: reader.u16() };
}

function readCurve(reader: TpmReader): EccPublicArea['curve'] {
  const curve = tpmCurves[reader.u16()];
  if (curve === undefined) throw new TpmFormatError('unknown curve');
  return curve;
}

/** TPMT_KDF_SCHEME stands in front of the point. */
function readPoint(reader: TpmReader): { x: Buffer; y: Buffer } {
  if (reader.u16() !== alg.null) reader.u16();
  return { x: reader.sized(), y: reader.sized() };
}

const curveId = (curve: EccPublicArea['curve']): number => Number(Object.entries(tpmCurves).find(([, name]) => name === curve)?.[0] ?? 0);
