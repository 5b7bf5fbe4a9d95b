/** `messageType` (RFC 8894, 3.2.1.2; 41 is Microsoft's [doc: certpol.h X509SCEPMessageType]). */
export const messageTypes = {
  certRep: '3',
  renewalReq: '17',
  pkcsReq: '19',
  certPoll: '20',
  getCert: '21',
  getCrl: '22',
  /** SCEPMessageClaimChallengeAnswer. */
  challengeAnswer: '41',
} as const;

/** `pkiStatus` (RFC 8894, 3.2.1.3; 11 is Microsoft's [doc: certpol.h X509SCEPDisposition]). */
export const pkiStatuses = {
  success: '0',
  failure: '2',
  pending: '3',
  /** SCEPDispositionPendingChallenge. */
  pendingChallenge: '11',
} as const;

/** `failInfo` (RFC 8894, 3.2.1.4). */
export const failInfos = { badAlg: '0', badMessageCheck: '1', badRequest: '2', badTime: '3', badCertId: '4' } as const;

/** What Windows' log calls a value of `pkiStatus` (reference 03, 2.15). */
export const dispositionNames: Readonly<Record<string, string>> = {
  [pkiStatuses.success]: 'SCEPDispositionSuccess',
  [pkiStatuses.failure]: 'SCEPDispositionFailure',
  [pkiStatuses.pending]: 'SCEPDispositionPending',
  [pkiStatuses.pendingChallenge]: 'SCEPDispositionPendingChallenge',
};

/** What Windows' log calls a value of `failInfo`. */
export const failInfoNames: Readonly<Record<string, string>> = {
  [failInfos.badAlg]: 'SCEPFailBadAlgorithm',
  [failInfos.badMessageCheck]: 'SCEPFailBadMessageCheck',
  [failInfos.badRequest]: 'SCEPFailBadRequest',
  [failInfos.badTime]: 'SCEPFailBadTime',
  [failInfos.badCertId]: 'SCEPFailBadCertId',
};

/** Bytes of senderNonce and recipientNonce. */
export const SCEP_NONCE_BYTES = 16;
