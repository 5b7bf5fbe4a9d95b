import { characteristic, parm, typedParm, type WapCharacteristic } from './characteristic.codec.js';
import { parmOf, requiredParm } from './parm-lookup.js';
import { WapError } from './error.js';

/** A certificate under its thumbprint: upper-case hex SHA-1 of the DER (reference 04, 3.5 rule 5). */
export interface CertificateEntry {
  readonly thumbprint: string;
  readonly der: Buffer;
}

/** At most one root and one intermediate (rule 4); the device's own in `My/System` or `My/User` (rule 6). */
export interface ProvisionedCertificates {
  readonly root: CertificateEntry;
  readonly intermediate: CertificateEntry;
  readonly device: CertificateEntry & { readonly store: 'System' | 'User' };
}

/** ROBO: renewal without the user (reference 04, 3.8). */
export interface RenewalSettings {
  readonly robo: boolean;
  /** Days before the certificate ends. */
  readonly renewPeriod: number;
  /** Days between attempts. */
  readonly retryInterval: number;
  /** Where to renew when it is not the enrollment address (06 D-B19). */
  readonly serverUrl?: string;
}

/** First top-level characteristic: exactly `Root`, `CA`, `My`, one store and one thumbprint each (rules 1 and 3). */
export const encodeCertificates = ({ root, intermediate, device }: ProvisionedCertificates): WapCharacteristic =>
  characteristic(
    'CertificateStore',
    characteristic('Root', characteristic('System', entry(root))),
    characteristic('CA', characteristic('System', entry(intermediate))),
    characteristic('My', characteristic(device.store, entry(device, characteristic('PrivateKeyContainer')))),
  );

const entry = ({ thumbprint, der }: CertificateEntry, ...children: readonly WapCharacteristic[]): WapCharacteristic =>
  characteristic(thumbprint, parm('EncodedCertificate', der.toString('base64')), ...children);

/** The answer to a renewal: the new certificate and nothing else (MS-MDE 3.5.4.1.1.2). */
export const encodeRenewedCertificate = (device: ProvisionedCertificates['device']): WapCharacteristic =>
  characteristic('CertificateStore', characteristic('My', characteristic(device.store, entry(device))));

/** A second CertificateStore: beside the thumbprint its values would confuse clients (rule 2). */
export const encodeRenewal = ({ robo, renewPeriod, retryInterval, serverUrl }: RenewalSettings): WapCharacteristic =>
  characteristic(
    'CertificateStore',
    characteristic(
      'My',
      characteristic(
        'WSTEP',
        characteristic(
          'Renew',
          typedParm('ROBOSupport', robo),
          typedParm('RenewPeriod', renewPeriod),
          typedParm('RetryInterval', retryInterval),
          ...(serverUrl === undefined ? [] : [typedParm('ServerURL', serverUrl)]),
        ),
      ),
    ),
  );

/** Certificates of the stores; the renewal's own CertificateStore has none. */
export function decodeCertificates(stores: readonly WapCharacteristic[]): ProvisionedCertificates {
  const of = (store: string, kinds: readonly string[]) =>
    stores.flatMap((top) =>
      (childOf(top, store)?.children ?? [])
        .filter(({ type }) => kinds.includes(type))
        .flatMap((kind) => kind.children.map((child) => ({ kind: kind.type, ...readEntry(child) }))),
    );
  const only = (store: string, found: ReturnType<typeof of>) => {
    const [first, ...more] = found;
    if (!first || more.length > 0) throw new WapError('certificates', `${found.length} certificates in ${store}`);
    return first;
  };
  const root = only('Root', of('Root', ['System']));
  const intermediate = only('CA', of('CA', ['System']));
  const device = only('My', of('My', ['System', 'User']));
  return {
    root: { thumbprint: root.thumbprint, der: root.der },
    intermediate: { thumbprint: intermediate.thumbprint, der: intermediate.der },
    device: { thumbprint: device.thumbprint, der: device.der, store: device.kind === 'User' ? 'User' : 'System' },
  };
}

/** The certificate of a renewal's answer. */
export function decodeRenewedCertificate(stores: readonly WapCharacteristic[]): ProvisionedCertificates['device'] {
  const kind = stores.flatMap((top) => childOf(top, 'My')?.children ?? []).find(({ type }) => type === 'System' || type === 'User');
  const child = kind?.children[0];
  if (!child) throw new WapError('certificates', 'no renewed certificate');
  return { ...readEntry(child), store: kind.type === 'User' ? 'User' : 'System' };
}

function readEntry(found: WapCharacteristic): CertificateEntry {
  return { thumbprint: found.type, der: Buffer.from(requiredParm(found, 'EncodedCertificate', 'certificates'), 'base64') };
}

export function decodeRenewal(stores: readonly WapCharacteristic[]): RenewalSettings | undefined {
  const renew = stores
    .map((top) => childOf(top, 'My'))
    .map((my) => my && childOf(my, 'WSTEP'))
    .map((wstep) => wstep && childOf(wstep, 'Renew'))
    .find((found) => found !== undefined);
  if (!renew) return undefined;
  const serverUrl = parmOf(renew, 'ServerURL');
  return {
    robo: requiredParm(renew, 'ROBOSupport', 'certificates').toLowerCase() === 'true',
    renewPeriod: Number(requiredParm(renew, 'RenewPeriod', 'certificates')),
    retryInterval: Number(requiredParm(renew, 'RetryInterval', 'certificates')),
    ...(serverUrl === undefined ? {} : { serverUrl }),
  };
}

const childOf = ({ children }: WapCharacteristic, type: string): WapCharacteristic | undefined =>
  children.find((child) => child.type === type);
