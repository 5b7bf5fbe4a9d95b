/** A GUID as .NET lays it out: first three groups little endian. */
export function guidToBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new TypeError('not a GUID');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** Inverse of {@link guidToBytes}; lower case with dashes. */
export function guidFromBytes(bytes: Buffer): string {
  if (bytes.length !== 16) throw new TypeError('a GUID has 16 bytes');
  const hex = guidToBytes(bytes.toString('hex')).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** `S-1-12-1-a-b-c-d` of a directory object (reference 02, 10.6). */
export function sidOfObjectId(objectId: string): string {
  const bytes = guidToBytes(objectId);
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)).join('-')}`;
}
