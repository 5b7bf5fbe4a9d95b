import { attestationEntities } from './attestation/index.js';
import { auditEntities } from './audit/index.js';
import { autopilotEntities } from './autopilot/index.js';
import { directoryEntities } from './directory/index.js';
import { faultEntities } from './faults/index.js';
import { fleetEntities } from './fleet/index.js';
import { installationEntities } from './installation/index.js';
import { intuneEntities } from './intune/index.js';
import { mdmEnrollmentEntities } from './mdm-enrollment/index.js';
import { mdmSessionEntities } from './mdm-session/index.js';
import { msaEntities } from './msa/index.js';
import { runEntities } from './runs/index.js';
import { stsEntities } from './sts/index.js';
import { tenancyEntities } from './tenancy/index.js';

/** Every table. An area adds its own list here. */
export const entities = [
  ...installationEntities,
  ...faultEntities,
  ...tenancyEntities,
  ...directoryEntities,
  ...autopilotEntities,
  ...intuneEntities,
  ...mdmEnrollmentEntities,
  ...mdmSessionEntities,
  ...fleetEntities,
  ...attestationEntities,
  ...msaEntities,
  ...stsEntities,
  ...auditEntities,
  ...runEntities,
];
