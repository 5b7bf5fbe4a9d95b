/** `GET …/Certificate/ServiceAddresses` (reference 04, 4.6). */
export const SERVICE_ADDRESSES_PATH = '/RestUserAuthLocationService/RestUserAuthLocationService/Certificate/ServiceAddresses';
export const SIDECAR_SERVICE = 'SideCarGatewayService';

export interface ServiceAddress {
  readonly serviceName: string;
  readonly url: string;
}

export function encodeServiceAddresses(services: readonly ServiceAddress[]): string {
  return JSON.stringify([{ Services: services.map(({ serviceName, url }) => ({ ServiceName: serviceName, Url: url })) }]);
}

/** Reads the list; entries without a name or URL are left out. Throws SyntaxError when it is not JSON. */
export function decodeServiceAddresses(text: string): ServiceAddress[] {
  const groups: unknown = JSON.parse(text);
  if (!Array.isArray(groups)) return [];
  return groups.flatMap((group: unknown) =>
    arrayOf(group, 'Services').flatMap((service) => {
      const serviceName = textOf(service, 'ServiceName');
      const url = textOf(service, 'Url');
      return serviceName !== undefined && url !== undefined ? [{ serviceName, url }] : [];
    }),
  );
}

function arrayOf(value: unknown, key: string): unknown[] {
  const member = memberOf(value, key);
  return Array.isArray(member) ? member : [];
}

function textOf(value: unknown, key: string): string | undefined {
  const member = memberOf(value, key);
  return typeof member === 'string' ? member : undefined;
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (Object.entries(value).find(([name]) => name === key)?.[1] as unknown) : undefined;
