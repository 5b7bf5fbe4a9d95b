import { auditEntities } from './audit/index.js';
import { autopilotEntities } from './autopilot/index.js';
import { directoryEntities } from './directory/index.js';
import { installationEntities } from './installation/index.js';
import { intuneEntities } from './intune/index.js';
import { mdmEnrollmentEntities } from './mdm-enrollment/index.js';
import { mdmSessionEntities } from './mdm-session/index.js';
import { stsEntities } from './sts/index.js';
import { tenancyEntities } from './tenancy/index.js';

/** Every table. An area adds its own list here. */
export const entities = [
  ...installationEntities,
  ...tenancyEntities,
  ...directoryEntities,
  ...autopilotEntities,
  ...intuneEntities,
  ...mdmEnrollmentEntities,
  ...mdmSessionEntities,
  ...stsEntities,
  ...auditEntities,
];
