import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { MsaDevice } from '@greenscreen/model/msa';
import { verifyPassword } from '@greenscreen/model/tenancy';
import { decodeTokenRequest, DEVICE_TOKEN_ADDRESS, encodeTokenResponse, type IssuedToken, type TokenRequest } from '@greenscreen/wire/msa';
import { onlyRegistrationOf } from '../registration.js';
import { type ZtdServices } from '../ztd-services.js';
import { decoded } from './decoded.js';
import { audienceOf, mintTicket, TICKET_LIFETIME_MS } from './device-ticket.js';
import { openDeviceToken, sealDeviceToken } from './device-token.js';
import { keyStateOf } from './key-state.js';
import { soapReply } from './msa-dialects.js';

/** A token request, as far as it has been checked. */
class TokenIssue {
  request: TokenRequest;
  account: MsaDevice;
  tenantId: string | undefined;
  now: Date;
  /** End of the device token that the request came with. */
  credentialExpires: Date | undefined;

  constructor(
    readonly ztd: ZtdServices,
    readonly body: Buffer,
  ) {}
}

async function messageIsTokenRequest(state: TokenIssue): Promise<void> {
  await state.ztd.clock.now();
  state.request = decoded(() => decodeTokenRequest(state.body));
}

/** The account, and with it whose time counts. */
async function deviceIsKnown(state: TokenIssue): Promise<void> {
  const { ztd, request } = state;
  const account = await ztd.em.findOneBy(MsaDevice, { membername: await membernameOf(state, request) });
  if (!account) throw new Fault('msa.BadCredentials');
  state.account = account;
  state.tenantId = (await onlyRegistrationOf(ztd.em, account.ddid, account.ekHash))?.tenantId;
  state.now = await ztd.clock.now(state.tenantId);
}

async function membernameOf(state: TokenIssue, { credential }: TokenRequest): Promise<string> {
  if (credential.kind !== 'device-token') return credential.membername;
  const { membername, expires } = await openDeviceToken(state.ztd.authorities, credential.token);
  state.credentialExpires = expires;
  return membername;
}

/** A password is compared. The XML signatures of clients that have a device key or a device token are not looked at (reference 01, 4.2). */
async function credentialIsRight({ request, account, credentialExpires, now }: TokenIssue): Promise<void> {
  const { credential } = request;
  if (credential.kind === 'password' && !(await verifyPassword(credential.password, account.passwordHash)))
    throw new Fault('msa.BadCredentials');
  if (credentialExpires && now >= credentialExpires) throw new Fault('msa.InvalidDeviceToken');
}

/** How far a client's clock may be ahead [our choice]. */
const CLOCK_SKEW_MS = 300_000;

function requestIsOfNow({ request, now }: TokenIssue): void {
  if (now >= request.expires || request.created.getTime() - now.getTime() > CLOCK_SKEW_MS) throw new Fault('msa.RequestExpired');
}

const tokenChecks: readonly Check<TokenIssue>[] = [messageIsTokenRequest, deviceIsKnown, credentialIsRight, requestIsOfNow];

/** `RST2.srf`: the device's own token, and tickets for services (reference 01, 4.2; 06, D-A11). */
export async function issueTokenOperation(ztd: ZtdServices, body: Buffer): Promise<Reply> {
  const state = new TokenIssue(ztd, body);
  await runChecks(state, tokenChecks);
  const tokens: IssuedToken[] = [];
  for (const address of state.request.addresses) tokens.push(await issue(state, address));
  return soapReply(200, encodeTokenResponse(tokens, state.now));
}

const SECRET_BYTES = 32;

async function issue(state: TokenIssue, address: string): Promise<IssuedToken> {
  const { ztd, account, now } = state;
  const expires = new Date(now.getTime() + TICKET_LIFETIME_MS);
  if (address.toLowerCase() === DEVICE_TOKEN_ADDRESS.toLowerCase()) {
    const text = await sealDeviceToken(ztd.authorities, { membername: account.membername, expires });
    return { address, created: now, expires, token: { kind: 'legacy', text, secret: ztd.random.bytes(SECRET_BYTES) } };
  }
  return { address, created: now, expires, token: { kind: 'compact', text: await ticketOf(state, address) } };
}

async function ticketOf({ ztd, account, tenantId, now }: TokenIssue, address: string): Promise<string> {
  const iat = Math.floor(now.getTime() / 1000);
  return mintTicket(ztd.authorities, {
    aud: audienceOf(address),
    ddid: account.ddid,
    gdid: account.globalDeviceId,
    ekh: account.ekHash,
    tks: await keyStateOf(ztd.em, account, tenantId),
    iat,
    exp: iat + TICKET_LIFETIME_MS / 1000,
  });
}
