import { publicKeyFromSpki } from '@greenscreen/crypto/keys';
import { type Credential, makeCredential } from '@greenscreen/crypto/tpm';
import { injectedDefect } from '@greenscreen/host/injection';
import { type AikEnrollment } from './aik-enrollment.js';

/** TPM2_MakeCredential for this EK and this AIK; under the fault `corrupt: challenge`, for an AIK that does not exist (06, D-A71). */
export function makeChallenge({ ekInfo, aikName }: AikEnrollment, secret: Buffer): Promise<Credential> {
  const name = Buffer.from(aikName);
  if (injectedDefect('corrupt') === 'challenge') name[name.length - 1] = (name.at(-1) ?? 0) ^ 1;
  return makeCredential(publicKeyFromSpki(ekInfo.spki), name, secret);
}
