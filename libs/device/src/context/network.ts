import { type KeyObject } from 'node:crypto';

/** A certificate and key for TLS client authentication. */
export interface ClientIdentity {
  /** DER. */
  readonly certificate: Buffer;
  readonly key: KeyObject;
}

/** Names of the exchange in reference 05, C.4 and 06 D-A53, D-B65: `{ service: 'drs', operation: 'Join' }`. */
export interface ExchangeLabel {
  readonly service: string;
  readonly operation: string;
}

export interface DeviceRequest extends ExchangeLabel {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly clientCertificate?: ClientIdentity;
}

export interface DeviceResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  /** A header's first value. */
  header(name: string): string | undefined;
  text(): string;
  /** Parsed JSON; throws SyntaxError when the body is not JSON. */
  json(): unknown;
}

/** No answer at all, with the WinHTTP code that Windows shows (reference 05, B.0). */
export class NetworkError extends Error {
  constructor(
    readonly hresult: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'NetworkError';
  }
}

/** The device's only way out. Redirects are not followed: every hop is visible. */
export interface DeviceNetwork {
  http(request: DeviceRequest): Promise<DeviceResponse>;
}
