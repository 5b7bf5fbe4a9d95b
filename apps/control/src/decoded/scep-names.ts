/** Message types of SCEP (RFC 8894, 3.2.1.2) and of attestation in it (reference 03, 2.5). */
export const messageTypes: Readonly<Record<string, string>> = {
  '3': 'CertRep',
  '17': 'RenewalReq',
  '19': 'PKCSReq',
  '20': 'CertPoll',
  '41': 'challenge answer',
};

/** RFC 8894, 3.2.1.4. */
export const failInfos: Readonly<Record<string, string>> = {
  '0': 'badAlg',
  '1': 'badMessageCheck',
  '2': 'badRequest',
  '3': 'badTime',
  '4': 'badCertId',
};
