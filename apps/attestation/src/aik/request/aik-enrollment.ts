import { type ContentCipher } from '@greenscreen/crypto/cms';
import { type EkCertificateContent } from '@greenscreen/crypto/ek-certificate';
import { type EkInfo, type PkiMessage, type ReceivedAikRequest } from '@greenscreen/crypto/scep';
import { type Certificate } from '@greenscreen/crypto/x509';
import { type AikAuthority } from '@greenscreen/model/attestation';
import { type Tenant } from '@greenscreen/model/tenancy';
import { type AttestationServices } from '../../attestation-services.js';
import { type RegistrationAuthority } from '../registration-authority.js';

/** A request for an AIK certificate, as far as it has been checked. */
export class AikEnrollment {
  request: ReceivedAikRequest;
  /** Cipher of the request's envelope. */
  cipher: ContentCipher;
  ekInfo: EkInfo;
  /** `ek_hash` of the key in EK_INFO. */
  ekHash: string;
  /** Tenant in which this EK is registered (reference 06, D-A59). */
  tenant: Tenant | undefined;
  /** By that tenant's clock; without one, the installation's. */
  now: Date;
  ek: EkCertificateContent;
  /** Authorities above the EK certificate, up to the root. */
  authorities: readonly Certificate[];
  /** Object Name of the AIK. */
  aikName: Buffer;

  constructor(
    readonly services: AttestationServices,
    readonly authority: AikAuthority,
    readonly ra: RegistrationAuthority,
    readonly message: PkiMessage,
  ) {}
}
