import { type Csr } from '@greenscreen/crypto/pkcs10';
import { type Check, runChecks } from '@greenscreen/host/exchange';
import { reply, type Reply } from '@greenscreen/host/reply';
import { decodeLinuxEnrollRequest, encodeLinuxEnrollAnswer, type LinuxEnrollRequest } from '@greenscreen/wire/intune-linux';
import { soundRequest } from '../../enrollment/issue/certificate-request.js';
import { deviceAuthority } from '../../enrollment/issue/issue-certificate.js';
import { renewPeriodDays } from '../../enrollment/policy/enrollment-policy.js';
import { refusedAs } from '../../enrollment/token/refused-as.js';
import { type MdmServices } from '../../mdm-services.js';
import { enrollingUser, type LinuxUser } from '../linux-user.js';
import { readBody } from '../read-body.js';
import { enrollLinux } from './enroll-device.js';

/** A request for enrollment, as far as it has been checked. */
export class LinuxEnrollment {
  request: LinuxEnrollRequest;
  principal: LinuxUser;
  csr: Csr;

  constructor(
    readonly mdm: MdmServices,
    readonly authorization: string | undefined,
    readonly body: Buffer,
  ) {}
}

async function tokenIsValid(state: LinuxEnrollment): Promise<void> {
  state.principal = await enrollingUser(state.mdm, state.authorization);
}

function bodyIsReadable(state: LinuxEnrollment): void {
  state.request = readBody(state.body, decodeLinuxEnrollRequest);
}

async function certificateRequestIsSound(state: LinuxEnrollment): Promise<void> {
  state.csr = await refusedAs('linux.CertificateRequest', async () => soundRequest(state.request.csr));
}

const requestChecks: readonly Check<LinuxEnrollment>[] = [tokenIsValid, bodyIsReadable, certificateRequestIsSound];

/** `POST …/enroll` (himmelblau-idm/intune-spec 2.1.1). */
export async function linuxEnrollOperation(mdm: MdmServices, authorization: string | undefined, body: Buffer): Promise<Reply> {
  const state = new LinuxEnrollment(mdm, authorization, body);
  await runChecks(state, requestChecks);
  const { tenant } = state.principal;
  const now = await mdm.clock.now(tenant.id);
  const { ca } = await deviceAuthority(mdm);
  const { enrollment, certificate } = await mdm.transaction((em) => enrollLinux(em, state, ca, now));
  const answer = {
    deviceId: enrollment.id,
    thumbprint: certificate.thumbprint,
    certificate: certificate.der,
    renewPeriod: renewPeriodDays(tenant),
  };
  return reply(200, 'application/json; charset=utf-8', encodeLinuxEnrollAnswer(answer));
}
