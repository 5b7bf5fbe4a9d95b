import { type DeviceResponse } from '../context/index.js';

/** Wraps a raw answer. */
export function responseOf(status: number, headers: Record<string, string | string[] | undefined>, body: Buffer): DeviceResponse {
  const present = Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined),
  );
  return {
    status,
    headers: present,
    body,
    header: (name) => [present[name.toLowerCase()] ?? []].flat()[0],
    text: () => body.toString('utf8'),
    json: () => JSON.parse(body.toString('utf8')) as unknown,
  };
}
