/** WinHTTP/WinINet codes that Windows shows for the ways in which a connection fails (reference 05, B.0). */
export const winHttp = {
  timeout: 0x80072ee2,
  nameNotResolved: 0x80072ee7,
  cannotConnect: 0x80072efd,
  connectionAborted: 0x80072efe,
  secureFailure: 0x80072f8f,
} as const;

const byCode: Readonly<Record<string, number>> = {
  ENOTFOUND: winHttp.nameNotResolved,
  EAI_AGAIN: winHttp.nameNotResolved,
  ECONNREFUSED: winHttp.cannotConnect,
  EHOSTUNREACH: winHttp.cannotConnect,
  ENETUNREACH: winHttp.cannotConnect,
  ECONNRESET: winHttp.connectionAborted,
  EPIPE: winHttp.connectionAborted,
  UND_ERR_SOCKET: winHttp.connectionAborted,
  UND_ERR_CONNECT_TIMEOUT: winHttp.timeout,
  UND_ERR_HEADERS_TIMEOUT: winHttp.timeout,
  UND_ERR_BODY_TIMEOUT: winHttp.timeout,
  ETIMEDOUT: winHttp.timeout,
};

/** The code for a failure of Node's network stack; anything about certificates is a TLS failure. */
export function winHttpCode(error: unknown): number {
  const code = codeOf(error) ?? '';
  return byCode[code] ?? (/CERT|SIGNATURE|ISSUER|SSL|TLS|ALTNAME/.test(code) ? winHttp.secureFailure : winHttp.cannotConnect);
}

/** By shape: errors of Node's core are of another realm when this code runs in a sandbox. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
