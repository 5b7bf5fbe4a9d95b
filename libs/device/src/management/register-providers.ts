import {
  ClientCertificateInstall,
  type CspTree,
  type DeviceAction,
  deviceActions,
  deviceInformation,
  dmClientIdentity,
  firstSyncMirror,
  firstSyncProvider,
  ModernAppManagement,
  MsiManagement,
  RestartPolicies,
  rootCertificates,
  trackingMirror,
  trackingProvider,
  type UserContext,
  userScopeGate,
  wifiProvider,
} from '../csp/index.js';
import { hardwareDeviceId, type MdmEnrollment } from '../enroll/index.js';
import { type ManagementContext, type ManagementOptions } from './device-management.js';

interface Account {
  readonly enrollment: MdmEnrollment;
  readonly options: ManagementOptions;
  readonly user: UserContext;
  /** Told of every change of a node. */
  readonly changed: () => void;
  readonly accept: (action: DeviceAction) => void;
}

export interface RegisteredProviders {
  readonly msi: MsiManagement;
  readonly modernApps: ModernAppManagement;
  readonly certificates: ClientCertificateInstall;
  readonly restarts: RestartPolicies;
}

/** Everything that has rules for a part of the tree. Who may write the user's part is asked first. */
export function registerProviders(
  tree: CspTree,
  context: ManagementContext,
  { enrollment, options, user, changed, accept }: Account,
): RegisteredProviders {
  const { deviceId, enrollmentId, upn } = enrollment;
  const provider = enrollment.document.account.providerId;
  const { computerName, hardwareHash, hardwareMismatch = () => undefined } = options;
  const msi = new MsiManagement(tree, context.registry);
  const modernApps = new ModernAppManagement(tree);
  const certificates = new ClientCertificateInstall(tree);
  const restarts = new RestartPolicies(tree, context);
  tree.register(
    userScopeGate(user),
    ...deviceInformation(context, { deviceId, computerName, hardwareHash, hardwareMismatch }),
    dmClientIdentity(provider, { HWDevID: () => hardwareDeviceId(context.traits), UPN: () => upn }),
    firstSyncProvider(tree, provider, 'device'),
    firstSyncProvider(tree, provider, 'user'),
    firstSyncMirror(context, provider, enrollmentId),
    trackingProvider(tree, 'device'),
    trackingProvider(tree, 'user'),
    trackingMirror(context, 'device', 'Device'),
    msi,
    modernApps,
    certificates,
    rootCertificates(tree, context.stores),
    wifiProvider,
    ...restarts.providers,
    ...deviceActions(provider, accept),
    { root: './Device', changed },
    { root: './User', changed },
  );
  return { msi, modernApps, certificates, restarts };
}
