/** Attributes of SCEP messages (RFC 8894, 3.2.1). */
export const scepAttributeOids = {
  messageType: '2.16.840.1.113733.1.9.2',
  pkiStatus: '2.16.840.1.113733.1.9.3',
  failInfo: '2.16.840.1.113733.1.9.4',
  senderNonce: '2.16.840.1.113733.1.9.5',
  recipientNonce: '2.16.840.1.113733.1.9.6',
  transactionId: '2.16.840.1.113733.1.9.7',
} as const;

/** Microsoft's enrollment arc (reference 03, 2.17 [doc: wincrypt.h]). */
export const enrollmentOids = {
  caVersion: '1.3.6.1.4.1.311.21.1',
  /** EKU: certificate exchange with a CA. */
  caExchange: '1.3.6.1.4.1.311.21.5',
  requestClientInfo: '1.3.6.1.4.1.311.21.20',
  ekInfo: '1.3.6.1.4.1.311.21.23',
  attestationStatement: '1.3.6.1.4.1.311.21.24',
  kspName: '1.3.6.1.4.1.311.21.25',
  attestationChallenge: '1.3.6.1.4.1.311.21.28',
  /** Certificate policy: the EK certificate's chain was verified. */
  ekVerifiedByCertificate: '1.3.6.1.4.1.311.21.31',
  scepError: '1.3.6.1.4.1.311.21.33',
  scepServerState: '1.3.6.1.4.1.311.21.34',
  scepChallengeAnswer: '1.3.6.1.4.1.311.21.35',
  /** EKU of authorities and RA certificates of the AIK service. */
  privacyCa: '1.3.6.1.4.1.311.21.36',
  scepServerMessage: '1.3.6.1.4.1.311.21.38',
  keyAffinity: '1.3.6.1.4.1.311.21.41',
  scepSignerHash: '1.3.6.1.4.1.311.21.42',
  /** On an EK authority: the key id that names its AIK authority. */
  ekAuthorityKeyId: '1.3.6.1.4.1.311.21.43',
  osVersion: '1.3.6.1.4.1.311.13.2.3',
  cspProvider: '1.3.6.1.4.1.311.13.2.2',
} as const;

/** Purposes, and the attributes that name a TPM (TCG EK Credential Profile; reference 03, 1.7). */
export const tcgOids = {
  ekCertificate: '2.23.133.8.1',
  platformCertificate: '2.23.133.8.2',
  aikCertificate: '2.23.133.8.3',
  tpmManufacturer: '2.23.133.2.1',
  tpmModel: '2.23.133.2.2',
  tpmVersion: '2.23.133.2.3',
  tpmSpecification: '2.23.133.2.16',
} as const;
