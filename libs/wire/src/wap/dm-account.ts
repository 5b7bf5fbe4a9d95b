import { characteristic, parm, type WapCharacteristic } from './characteristic.codec.js';
import { parmOf, requiredParm } from './parm-lookup.js';
import { WapError } from './error.js';

/** Credentials of one direction: the nonce is base64 of 16 bytes; an empty one is left out, which Windows refuses (rule 8). */
export interface DigestCredentials {
  readonly secret: string;
  readonly nonce: string;
}

/** The w7 APPLICATION: how the device reaches and authenticates its DM server (MS-MDE2 3.5; reference 04, 3.5). */
export interface DmAccount {
  /** Equals the node under DMClient/Provider (rule 9). */
  readonly providerId: string;
  readonly name: string;
  /** Without query: Windows adds `?mode=…&Platform=WoA` itself. */
  readonly address: string;
  /** Attempts per connection. */
  readonly connectionRetries: number;
  /** Milliseconds. */
  readonly initialBackoff: number;
  readonly maxBackoff: number;
  /** `CN=<id>` and where the certificate is. */
  readonly certificate: { readonly subject: string; readonly store: 'System' | 'User' };
  /** The server to the device, and the device to the server. Both need a nonce, else Windows makes no account (rule 8). */
  readonly client: DigestCredentials;
  readonly server: DigestCredentials & { readonly userName: string };
}

const W7 = 'w7';

export function encodeDmAccount(account: DmAccount): WapCharacteristic {
  return characteristic(
    'APPLICATION',
    parm('APPID', W7),
    parm('PROVIDER-ID', account.providerId),
    parm('NAME', account.name),
    parm('ADDR', account.address),
    parm('CONNRETRYFREQ', String(account.connectionRetries)),
    parm('INITIALBACKOFFTIME', String(account.initialBackoff)),
    parm('MAXBACKOFFTIME', String(account.maxBackoff)),
    parm('BACKCOMPATRETRYDISABLED'),
    parm('DEFAULTENCODING', 'application/vnd.syncml.dm+xml'),
    parm('SSLCLIENTCERTSEARCHCRITERIA', searchCriteria(account.certificate)),
    characteristic('APPAUTH', parm('AAUTHLEVEL', 'CLIENT'), parm('AAUTHTYPE', 'DIGEST'), ...digest(account.client)),
    characteristic(
      'APPAUTH',
      parm('AAUTHLEVEL', 'APPSRV'),
      parm('AAUTHTYPE', 'DIGEST'),
      parm('AAUTHNAME', account.server.userName),
      ...digest(account.server),
    ),
  );
}

const digest = ({ secret, nonce }: DigestCredentials) => [parm('AAUTHSECRET', secret), ...(nonce === '' ? [] : [parm('AAUTHDATA', nonce)])];

/** `Subject=CN%3d<id>&Stores=MY%5CSystem` (MS-MDE 3.6; rule 10): the equals sign in lower-case hex, the backslash in upper-case. */
const searchCriteria = ({ subject, store }: DmAccount['certificate']): string =>
  `Subject=${encodeURIComponent(subject).replaceAll('%3D', '%3d')}&Stores=MY%5C${store}`;

/**
 * Reads an APPLICATION as Windows does: names are case-sensitive, the CLIENT secret is DIGEST, both credentials have a nonce.
 *
 * @throws {WapError}
 */
export function decodeDmAccount(application: WapCharacteristic): DmAccount {
  const text = (name: string): string => requiredParm(application, name, 'account');
  if (text('APPID') !== W7) throw new WapError('account', 'APPID is not w7');
  const level = (name: string): WapCharacteristic => {
    const found = application.children.find((child) => child.type === 'APPAUTH' && parmOf(child, 'AAUTHLEVEL') === name);
    if (!found) throw new WapError('account', `no APPAUTH for ${name}`);
    return found;
  };
  const client = level('CLIENT');
  const server = level('APPSRV');
  if (requiredParm(client, 'AAUTHTYPE', 'account') !== 'DIGEST') throw new WapError('account', 'CLIENT is not DIGEST');
  return {
    providerId: text('PROVIDER-ID'),
    name: parmOf(application, 'NAME') ?? '',
    address: text('ADDR'),
    connectionRetries: number(application, 'CONNRETRYFREQ'),
    initialBackoff: number(application, 'INITIALBACKOFFTIME'),
    maxBackoff: number(application, 'MAXBACKOFFTIME'),
    certificate: readCriteria(text('SSLCLIENTCERTSEARCHCRITERIA')),
    client: readDigest(client),
    server: { ...readDigest(server), userName: parmOf(server, 'AAUTHNAME') ?? '' },
  };
}

function readCriteria(criteria: string): DmAccount['certificate'] {
  const query = new URLSearchParams(criteria);
  const subject = query.get('Subject');
  const store = /^MY\\(System|User)$/i.exec(query.get('Stores') ?? '')?.[1]?.toLowerCase();
  if (!subject || !store) throw new WapError('account', 'unusable SSLCLIENTCERTSEARCHCRITERIA');
  return { subject, store: store === 'user' ? 'User' : 'System' };
}

const readDigest = (auth: WapCharacteristic): DigestCredentials => ({
  secret: requiredParm(auth, 'AAUTHSECRET', 'account'),
  nonce: requiredParm(auth, 'AAUTHDATA', 'account'),
});

function number(owner: WapCharacteristic, name: string): number {
  const value = Number(requiredParm(owner, name, 'account'));
  if (!Number.isInteger(value) || value < 0) throw new WapError('account', `${name} is no number`);
  return value;
}
