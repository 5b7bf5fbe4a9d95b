/**
 * Device authentication by a challenge that the device certificate's key signs (MS-PKAP; reference 02, 8.5): for clients that can neither
 * present a certificate in TLS nor ask a broker.
 */
export interface PKeyAuthChallenge {
  readonly nonce: string;
  /** Opaque; comes back. */
  readonly context: string;
  /** Where to send the answer; without it, where the request went. */
  readonly submitUrl?: string;
}

/** What a client answers. */
export interface PKeyAuthAnswer {
  /** Compact JWS with the certificate in `x5c`; a client without a fitting certificate sends none. */
  readonly token?: string;
  readonly context: string;
}

const VERSION = '1.0';
/** Issuer of the certificates that will do, as such clients compare it. */
const CERT_AUTHORITIES = 'OU=82dbaca4-3e81-46ca-9c73-0950c1eaca97,CN=MS-Organization-Access,DC=windows,DC=net';

const membersOf = ({ nonce, context, submitUrl }: PKeyAuthChallenge): [string, string][] => [
  ['Nonce', nonce],
  ['Version', VERSION],
  ['CertAuthorities', CERT_AUTHORITIES],
  ['Context', context],
  ...(submitUrl === undefined ? [] : ([['SubmitUrl', submitUrl]] as [string, string][])),
];

/** `WWW-Authenticate` of a 401. */
export const encodePKeyAuthHeader = (challenge: PKeyAuthChallenge): string =>
  `PKeyAuth ${membersOf(challenge)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;

/** `Location` for a browser control, which its program catches. */
export const encodePKeyAuthLocation = (challenge: PKeyAuthChallenge): string =>
  `urn:http-auth:PKeyAuth?${new URLSearchParams(membersOf(challenge)).toString()}`;

/** The answer in an `Authorization` header; undefined when it is another scheme. */
export function decodePKeyAuthAnswer(authorization: string | undefined): PKeyAuthAnswer | undefined {
  const [, parameters] = /^\s*PKeyAuth\s+(.*)$/is.exec(authorization ?? '') ?? [];
  if (parameters === undefined) return undefined;
  const members = new Map(
    Array.from(parameters.matchAll(/([a-z]+)\s*=\s*"([^"]*)"/gi), ([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const token = members.get('authtoken');
  return { context: members.get('context') ?? '', ...(token ? { token } : {}) };
}

/** Whether a client says that it can answer a challenge: by a header of its own, which some spell with a plus, or in its name. */
export const announcesPKeyAuth = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  headers['x-ms-pkeyauth'] !== undefined ||
  headers['x-ms-pkeyauth+'] !== undefined ||
  /\bPKeyAuth\/1\.0\b/.test(headers['user-agent'] ?? '');
