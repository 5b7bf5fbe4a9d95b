import { type DeviceResponse } from '../context/index.js';
import { stsHeaders, type TokenContext } from './token-call.js';

/** The web view of OOBE: keeps the token service's cookies, follows nothing by itself. */
export class SignInBrowser {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly context: TokenContext,
    /** `https://login.microsoftonline.com` */
    readonly authority: string,
  ) {}

  get(operation: string, path: string): Promise<DeviceResponse> {
    return this.send(operation, 'GET', path);
  }

  post(operation: string, path: string, body: string): Promise<DeviceResponse> {
    return this.send(operation, 'POST', path, body);
  }

  private async send(operation: string, method: 'GET' | 'POST', path: string, body?: string): Promise<DeviceResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.context.network.http({
      service: 'sts',
      operation,
      method,
      url: new URL(path, this.authority).href,
      headers: {
        ...stsHeaders(this.context),
        Accept: 'text/html, application/xhtml+xml, application/json;q=0.9',
        ...(cookie ? { Cookie: cookie } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      const [name, value] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      if (name && value !== undefined) this.cookies.set(name.trim(), value);
    }
    return response;
  }
}

/** Parameters that a redirect carries behind `?` or `#`; undefined when the answer is none. */
export function redirectedParameters(response: DeviceResponse): URLSearchParams | undefined {
  const location = response.header('location');
  return response.status === 302 && location !== undefined ? new URLSearchParams(location.split(/[?#](.*)/s)[1] ?? '') : undefined;
}
