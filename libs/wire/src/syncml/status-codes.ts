/** SyncML status codes that Windows uses (Learn "OMA DM protocol support"; reference 04, 4.4). */
export const statusCode = {
  ok: 200,
  accepted: 202,
  authenticationAccepted: 212,
  chunkAccepted: 213,
  cancelled: 214,
  notExecuted: 215,
  rolledBack: 216,
  badRequest: 400,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  notAllowed: 405,
  unsupportedFeature: 406,
  credentialsMissing: 407,
  tooLarge: 413,
  unsupportedFormat: 415,
  alreadyExists: 418,
  sizeMismatch: 424,
  permissionDenied: 425,
  commandFailed: 500,
  atomicFailed: 507,
  rollbackFailed: 516,
} as const;

/** Whether a command did what it should: 418 means that an Add found its node in place (reference 04, 4.4). */
export function succeeded(verb: string, code: number): boolean {
  return (
    code === statusCode.ok ||
    code === statusCode.accepted ||
    code === statusCode.authenticationAccepted ||
    (verb === 'Add' && code === statusCode.alreadyExists)
  );
}
