import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { MsaDevice } from '@greenscreen/model/msa';
import { hashPassword, verifyPassword } from '@greenscreen/model/tenancy';
import { decodeDeviceAddRequest, type DeviceAddRequest, encodeDeviceAddResponse } from '@greenscreen/wire/msa';
import { onlyRegistrationOf } from '../registration.js';
import { type ZtdServices } from '../ztd-services.js';
import { decoded } from './decoded.js';
import { type Hardware, identifyHardware } from './identify-hardware.js';
import { keyStateOf } from './key-state.js';
import { xmlReply } from './msa-dialects.js';

/** A device add, as far as it has been checked. */
class DeviceAdd {
  request: DeviceAddRequest;
  /** Null for a name that is new. */
  account: MsaDevice | null;

  constructor(
    readonly ztd: ZtdServices,
    readonly body: Buffer,
  ) {}
}

async function messageIsDeviceAdd(state: DeviceAdd): Promise<void> {
  await state.ztd.clock.now();
  state.request = decoded(() => decodeDeviceAddRequest(state.body));
}

/** A name that is known already is repeated by whoever knows its password (reference 06, D-A5). */
async function passwordIsTheAccounts(state: DeviceAdd): Promise<void> {
  const { membername, password } = state.request;
  state.account = await state.ztd.em.findOneBy(MsaDevice, { membername });
  if (state.account && !(await verifyPassword(password, state.account.passwordHash))) throw new Fault('msa.BadCredentials');
}

const deviceAddChecks: readonly Check<DeviceAdd>[] = [messageIsDeviceAdd, passwordIsTheAccounts];

/** `deviceaddcredential.srf`: an account for a Windows installation, or a fresh look at the one it has (reference 01, 4.1). */
export async function deviceAddOperation(ztd: ZtdServices, body: Buffer): Promise<Reply> {
  const state = new DeviceAdd(ztd, body);
  await runChecks(state, deviceAddChecks);
  const hardware = await identifyHardware(ztd.em, state.request);
  // Nobody's tenant while the hardware is not registered: then the installation's time counts.
  const tenantId = (await onlyRegistrationOf(ztd.em, hardware.ddid, hardware.ekHash))?.tenantId;
  const now = await ztd.clock.now(tenantId);
  const account = await (state.account ? update(ztd, state.account, hardware, now) : create(state, hardware, now));
  return xmlReply(
    200,
    encodeDeviceAddResponse({
      hwDeviceId: account.ddid,
      globalDeviceId: account.globalDeviceId,
      tpmKeyState: await keyStateOf(ztd.em, account, tenantId),
      license: Buffer.from(`Greenscreen mock device licence ${account.globalDeviceId}`, 'ascii'),
      serverTime: now,
    }),
  );
}

async function update(ztd: ZtdServices, account: MsaDevice, hardware: Hardware, now: Date): Promise<MsaDevice> {
  await ztd.em.update(MsaDevice, { membername: account.membername }, { ...hardware, updatedAt: now });
  return { ...account, ...hardware };
}

/** Two requests may both be the first of a name: the row that stands decides, and the other has to know its password. */
async function create({ ztd, request }: DeviceAdd, hardware: Hardware, now: Date): Promise<MsaDevice> {
  const { membername, password } = request;
  const passwordHash = await hashPassword(password);
  const account = await ztd.transaction(async (em) => {
    const values = { membername, passwordHash, globalDeviceId: newGlobalDeviceId(ztd), ...hardware, createdAt: now, updatedAt: now };
    await em.createQueryBuilder().insert().into(MsaDevice).values(values).orIgnore().execute();
    return em.findOneByOrFail(MsaDevice, { membername });
  });
  if (account.passwordHash !== passwordHash && !(await verifyPassword(password, account.passwordHash)))
    throw new Fault('msa.BadCredentials');
  return account;
}

/** Device class prefix and 48 random bits (reference 01, 4.1). */
const newGlobalDeviceId = ({ random }: ZtdServices): string => `0018${random.hexId(6)}`;
