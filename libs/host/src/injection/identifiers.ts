import { type Exchange } from '../exchange/exchange.js';

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;
/** Header and payload of a compact JWS; what is signed with what does not matter here. */
const JWS = /\beyJ[\w-]+\.([\w-]+)\./g;

/**
 * Whether a request names an identifier: in address, headers or body, in the claims of any token in them, or in its client certificate. Nothing is verified: a fault is for whoever says that he is that device.
 */
export class RequestIdentifiers {
  private readonly text: string;
  private readonly guids: ReadonlySet<string>;

  constructor({ path, headers, body, clientCertificate }: Pick<Exchange, 'path' | 'headers' | 'body' | 'clientCertificate'>) {
    // A certificate's names stand in its DER as text.
    const bytes = [body, clientCertificate ?? Buffer.alloc(0)].map((part) => part.toString('latin1'));
    const plain = [decodedPath(path), ...Object.values(headers), ...bytes].join('\n');
    const claims = [...plain.matchAll(JWS)].map(([, payload = '']) => Buffer.from(payload, 'base64url').toString('utf8'));
    this.text = [plain, ...claims].join('\n').toLowerCase();
    this.guids = new Set(this.text.match(GUID) ?? []);
  }

  /** A GUID, as a whole. */
  hasGuid(guid: string): boolean {
    return this.guids.has(guid.toLowerCase());
  }

  /** Any other identifier, as it stands. */
  hasText(identifier: string): boolean {
    return identifier !== '' && this.text.includes(identifier.toLowerCase());
  }
}

/** As it stands when it is not percent-encoded properly. */
function decodedPath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
