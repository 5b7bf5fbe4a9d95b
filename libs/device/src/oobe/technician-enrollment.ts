import { DeploymentError, type DeviceContext } from '../context/index.js';
import { enrollInMdm } from '../enroll/index.js';
import { createDeviceKeys, discoverRegistration, findMdmApplications, joinUserless, type Registration, unjoin } from '../join/index.js';
import { requestDeviceTicket } from '../msa/index.js';
import { type DeviceToken, requestDeviceToken, signInUserless } from '../token/index.js';
import { computerName } from './computer-name.js';
import { runStages } from './enrollment-stages.js';
import { type Installation, required } from './installation.js';

/** Resource of Intune's enrollment service: what Windows asks a token for (reference 04, 2.2). */
export const MDM_RESOURCE = 'https://enrollment.manage.microsoft.com/';
/** Between the MDM certificate and the unjoin (reference 06, D-B56). */
const UNJOIN_DELAY_MS = 5_000;

/**
 * Stages T10 to T16 of a pre-provisioned device without a user: discovery, userless join, MDM list, device token, MDM enrollment, and the
 * unjoin that follows it (reference 05, A.3 and A.4). Throws StageError.
 */
export async function enrollWithoutUser(installation: Installation): Promise<void> {
  const { context, checkpoint } = installation;
  const profile = required(installation.profile, 'profile');
  let joined: { token: DeviceToken; registration: Registration } | undefined;
  let mdm: { enrollmentUrl: string } | undefined;
  let mdmToken = '';
  await runStages(context, [
    {
      name: 'AADDiscover',
      run: async () => {
        installation.service = await discoverRegistration(context, profile.tenantDomain);
      },
    },
    {
      name: 'AADConfigure',
      run: async () => context.timeline.note({ kind: 'local', what: 'Addresses of the registration service cached' }),
    },
    {
      name: 'AADEnroll',
      run: async () => {
        joined = await joinWithoutUser(installation);
        installation.registration = joined.registration;
        await checkpoint('joined');
      },
    },
    {
      name: 'DeviceDiscovery',
      run: async () => {
        const { token } = required(joined, 'join');
        mdm = await findMdmApplications(context, required(installation.service, 'registration service'), token.accessToken);
        await checkpoint('mdm_discovered');
      },
    },
    {
      name: 'AADTicket',
      run: async () => {
        const { registration } = required(joined, 'join');
        const { tokenEndpoint } = required(installation.service, 'registration service');
        mdmToken = (
          await requestDeviceToken(context, { tokenEndpoint, resource: MDM_RESOURCE, credential: credentialOf(context, registration) })
        ).accessToken;
      },
    },
    {
      name: 'MDMEnrolling',
      run: async () => {
        const { registration } = required(joined, 'join');
        const { aik } = required(installation.attested, 'attested identity');
        installation.enrollment = await enrollInMdm(context, {
          discoveryUrl: required(mdm, 'MDM application').enrollmentUrl,
          upn: `fooUser@${profile.tenantDomain}`,
          accessToken: mdmToken,
          resource: MDM_RESOURCE,
          tenantId: registration.tenantId,
          mode: 'whiteGlove',
          ztdRegistrationId: profile.ztdRegistrationId,
          deviceName: computerName(context),
          // The enrollment's key is kept in software; what the AIK vouches for here is the device key of the same TPM.
          attest: async (qualifyingData) => {
            const { attest, signature } = await context.tpm.certify(registration.keys.device, aik, qualifyingData);
            return { aikPublic: aik.publicArea, claim: Buffer.concat([attest, signature]) };
          },
        });
        await checkpoint('mdm_enrolled');
      },
    },
  ]);
  await leaveEntra(installation);
  context.events.emit('autopilot', 303, { stage: 'Completed' });
}

/** Keys in the TPM, a device token for the certified one, and the join (reference 06, D-A16). */
async function joinWithoutUser(installation: Installation): Promise<{ token: DeviceToken; registration: Registration }> {
  const { context } = installation;
  const service = required(installation.service, 'registration service');
  const { aik, aikCertificate } = required(installation.attested, 'attested identity');
  const { tenantDomain } = required(installation.profile, 'profile');
  const keys = await createDeviceKeys(context);
  const ticket = await requestDeviceTicket(context, required(installation.identity, 'device identity'), 'drs');
  const token = await signInUserless(context, {
    tokenEndpoint: service.tokenEndpoint,
    resource: service.joinResourceId,
    ticket,
    aikCertificate,
    key: { publicKey: keys.device.publicKey, signDigest: (digest) => context.tpm.sign(keys.device, digest) },
    attest: (qualifyingData) => context.tpm.certify(keys.device, aik, qualifyingData),
  });
  const registration = await joinUserless(context, {
    service,
    token: token.accessToken,
    tenantId: token.tenantId,
    domain: tenantDomain,
    keys,
    aik: { key: aik, certificate: aikCertificate },
    ticket,
    computerName: computerName(context),
  });
  return { token, registration };
}

/** The RegistrationCertHelper unjoin (reference 05, A.4); events 195 to 197. A failure is not the deployment's. */
async function leaveEntra(installation: Installation): Promise<void> {
  const { context, registration, checkpoint } = installation;
  if (context.traits.unjoin === 'skip' || registration === undefined) return;
  await context.clock.wait(UNJOIN_DELAY_MS, 'AutopilotManager leaves Entra once MDM is enrolled');
  context.events.emit('autopilot', 195);
  try {
    await unjoin(context, registration);
    delete installation.registration;
    context.events.emit('autopilot', 196, { HRESULT: '0x0' });
    await checkpoint('unjoined');
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    context.events.emit('autopilot', 197, { HRESULT: `0x${error.hresult.toString(16)}` });
  }
}

/** The device certificate with its key in the TPM. */
export const credentialOf = ({ tpm }: Pick<DeviceContext, 'tpm'>, { certificate, keys }: Registration) => ({
  certificate: certificate.der,
  signDigest: (digest: Buffer) => tpm.sign(keys.device, digest),
});
