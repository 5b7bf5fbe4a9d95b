import { decodeKeyAttestationStatement, ScepError } from '@greenscreen/wire/scep';
import {
  decodeAttest,
  decodeCreationData,
  decodePublicArea,
  encodePublicArea,
  objectAttributes,
  TpmFormatError,
} from '@greenscreen/wire/tpm';
import { type Look, partOf, toJson, type View, viewOf } from './view.js';

/** TPM 2.0 structures, with or without the size of a TPM2B before them. */
export function tpmView(bytes: Buffer, look: Look): View | undefined {
  for (const bare of [bytes, withoutSize(bytes)]) {
    const view = bare && (statementView(bare, look) ?? attestView(bare) ?? publicAreaView(bare));
    if (view) return view;
  }
  return undefined;
}

const withoutSize = (bytes: Buffer): Buffer | undefined =>
  bytes.length > 2 && bytes.readUInt16BE(0) === bytes.length - 2 ? bytes.subarray(2) : undefined;

/** How an AIK was made, said by itself (MS-WCCE 2.2.2.5). */
const statementView = (bytes: Buffer, look: Look): View | undefined =>
  reading(() => {
    const { publicArea, creationData, attest, signature } = decodeKeyAttestationStatement(bytes);
    const value = toJson({ publicArea, creationData: decodeCreationData(creationData), attest, signature });
    return viewOf('key-attestation-statement', value, [...partOf('publicArea', publicArea, look), ...partOf('attest', attest, look)]);
  });

const attestView = (bytes: Buffer): View | undefined => reading(() => viewOf('tpm-attest', toJson(decodeAttest(bytes))));

const publicAreaView = (bytes: Buffer): View | undefined =>
  reading(() => {
    const area = decodePublicArea(bytes);
    // Two bytes tell little: only what reads back the same is one.
    if (!encodePublicArea(area).equals(bytes)) return undefined;
    const flags = Object.entries(objectAttributes).flatMap(([name, bit]) => ((area.attributes & bit) === 0 ? [] : [name]));
    return viewOf('tpm-public', toJson({ ...area, attributes: flags }));
  });

function reading(read: () => View | undefined): View | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TpmFormatError || error instanceof ScepError) return undefined;
    throw error;
  }
}
