import {
  type Alert,
  alertCode,
  type Command,
  decodeSyncMessage,
  DIGEST_TYPE,
  digestOf,
  encodeSyncMessage,
  type Item,
  type Status,
  statusCode,
  SYNCML_BINARY_TYPE,
  SYNCML_TYPE,
  SyncMlError,
  type SyncMessage,
} from '@greenscreen/wire/syncml';
import { type CspTree } from '../csp/index.js';
import { type ClientIdentity, type DeviceContext, DeploymentError, hresultOfStatus } from '../context/index.js';
import { Answers, executeCommands } from './execute-commands.js';
import { LargeObjects } from './large-objects.js';

/** How a device reaches and identifies itself to its DM server: from the DM account of its enrollment. */
export interface DmLink {
  /** With the query that Windows adds. */
  readonly url: string;
  readonly identity: ClientIdentity;
  /** `Source/LocURI`. */
  readonly deviceId: string;
  /** AAUTHLEVEL APPSRV of the account: shown when the server asks. The nonce is the last one that the server gave. */
  readonly credentials: { readonly name: string; readonly secret: string; nonce: string };
}

export interface SessionOpening {
  /** Counts up with each session of the account. */
  readonly sessionId: string;
  /** Items of the alerts that follow the first one, in order. */
  readonly events: readonly Item[];
  /** 1224, or 1226 for what is generic. */
  readonly eventCode: number;
  /** `MS-CV`; the number of the message follows it. */
  readonly vector: string;
  readonly information: Readonly<Record<'DevId' | 'Man' | 'Mod' | 'DmV' | 'Lang', string>>;
}

/** A server that never ends a session is left (our choice of number). */
const MESSAGES = 60;
/** An answer that is no SyncML: ERROR_INVALID_DATA. */
const UNREADABLE = 0x8007000d;

/**
 * One OMA-DM session over mTLS: package 1, then whatever the server wants done, until it wants nothing more (reference 04, 4.2). A server
 * that asks for credentials gets package 1 once more, with them. Throws DeploymentError when the server refuses, NetworkError when it does
 * not answer.
 */
export async function runDmSession(
  context: Pick<DeviceContext, 'network'>,
  tree: CspTree,
  link: DmLink,
  opening: SessionOpening,
): Promise<void> {
  for (const authenticated of [false, true]) if (await converse(context, tree, link, { ...opening, authenticated })) return;
  throw new DeploymentError(hresultOfStatus(statusCode.unauthorized), 'The DM server does not accept the credentials');
}

/** False when the server wants other credentials than it got. */
async function converse(
  context: Pick<DeviceContext, 'network'>,
  tree: CspTree,
  link: DmLink,
  opening: SessionOpening & { readonly authenticated: boolean },
): Promise<boolean> {
  let commands: readonly Command[] = packageOne(opening);
  const largeObjects = new LargeObjects();
  for (let msgId = 1; msgId <= MESSAGES; msgId += 1) {
    const answer = await send(context, link, { ...opening, msgId, commands, authenticated: opening.authenticated && msgId === 1 });
    const verdict = headerStatus(answer);
    if (verdict?.challenge?.nextNonce !== undefined) link.credentials.nonce = verdict.challenge.nextNonce;
    if (verdict && refusals.includes(verdict.code)) return false;
    const answers = new Answers(answer.header.msgId);
    answers.status('0', 'SyncHdr', 200);
    executeCommands(tree, largeObjects.join(answer.commands, answers), answers);
    if (answers.commands.length === 1) return true;
    commands = answers.commands;
  }
  return true;
}

const refusals: readonly number[] = [statusCode.unauthorized, statusCode.credentialsMissing];

const headerStatus = ({ commands }: SyncMessage): Status | undefined =>
  commands.find((command): command is Status => command.verb === 'Status' && command.cmdRef === '0');

/** Numbers begin at 2; the DevInfo items are addressed by their source [win-capture]. */
function packageOne({ events: items, eventCode, information }: SessionOpening): Command[] {
  const login: Alert = { verb: 'Alert', cmdId: '2', code: alertCode.clientInitiated, items: [] };
  const events = items.map((item, index): Alert => ({ verb: 'Alert', cmdId: String(index + 3), code: eventCode, items: [item] }));
  const names = Object.entries(information).map(([name, data]): Item => ({ source: `./DevInfo/${name}`, data }));
  return [login, ...events, { verb: 'Replace', cmdId: String(events.length + 3), items: names }];
}

interface Package extends Pick<SessionOpening, 'sessionId' | 'vector'> {
  readonly msgId: number;
  readonly commands: readonly Command[];
  /** Whether it carries the account's credentials. */
  readonly authenticated: boolean;
}

async function send(
  { network }: Pick<DeviceContext, 'network'>,
  { url, identity, deviceId, credentials }: DmLink,
  { sessionId, vector, msgId, commands, authenticated }: Package,
): Promise<SyncMessage> {
  const proof = authenticated
    ? { sourceName: credentials.name, credentials: { format: 'b64', type: DIGEST_TYPE, data: digestOf(credentials) } }
    : {};
  const header = { sessionId, msgId: String(msgId), target: url.split('?')[0] ?? url, source: deviceId, ...proof };
  const response = await network.http({
    service: 'omadm',
    operation: 'Session',
    method: 'POST',
    url,
    headers: {
      Accept: `${SYNCML_TYPE}, ${SYNCML_BINARY_TYPE}, application/octet-stream`,
      'Accept-Charset': 'UTF-8',
      'Client-Request-Id': '0',
      'Content-Type': SYNCML_TYPE,
      'MS-CV': `${vector}.${msgId - 1}`,
      'User-Agent': 'MSFT OMA DM Client/1.2.0.1',
    },
    body: encodeSyncMessage({ header, commands, final: true }),
    clientCertificate: identity,
  });
  if (response.status !== 200) throw new DeploymentError(hresultOfStatus(response.status), `The DM server answered ${response.status}`);
  try {
    return decodeSyncMessage(response.body);
  } catch (error) {
    if (error instanceof SyncMlError) throw new DeploymentError(UNREADABLE, error.message, { cause: error });
    throw error;
  }
}
