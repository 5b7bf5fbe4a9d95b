/** Content type of a TLS handshake record, and the type of the server_name extension (RFC 8446 5.1, RFC 6066 3). */
const HANDSHAKE = 22;
const SERVER_NAME = 0;

/**
 * The server name of a ClientHello, lower case; empty when it carries none or is not one that we can read; undefined while more bytes are
 * needed.
 */
export function serverNameOf(bytes: Buffer): string | undefined {
  if (bytes.length < 5) return undefined;
  if (bytes[0] !== HANDSHAKE) return '';
  const end = 5 + bytes.readUInt16BE(3);
  if (bytes.length < end) return undefined;
  try {
    return readServerName(bytes.subarray(0, end));
  } catch (error) {
    if (error instanceof RangeError) return ''; // a hello that spans records, or no hello at all
    throw error;
  }
}

function readServerName(record: Buffer): string {
  let at = 43; // record header 5, handshake header 4, version 2, random 32
  at += 1 + record.readUInt8(at); // session id
  at += 2 + record.readUInt16BE(at); // cipher suites
  at += 1 + record.readUInt8(at); // compression methods
  const end = at + 2 + record.readUInt16BE(at);
  for (at += 2; at + 4 <= end;) {
    const type = record.readUInt16BE(at);
    const length = record.readUInt16BE(at + 2);
    if (type === SERVER_NAME) {
      const nameLength = record.readUInt16BE(at + 7);
      return record.toString('latin1', at + 9, at + 9 + nameLength).toLowerCase();
    }
    at += 4 + length;
  }
  return '';
}
