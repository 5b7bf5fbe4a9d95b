import { type StoredCertificate } from '../context/index.js';
import { type DeviceKeys } from './device-keys.js';
import { type RegistrationService } from './discover.js';

/** A device's registration in Entra, as dsreg keeps it. */
export interface Registration {
  /** See `joinTypes` of the wire. */
  readonly joinType: number;
  /** From the certificate. */
  readonly deviceId: string;
  readonly tenantId: string;
  /** Domain that was joined. */
  readonly domain: string;
  /** In `LocalMachine\My`; of a personal device in `CurrentUser\My`. */
  readonly certificate: StoredCertificate;
  readonly keys: DeviceKeys;
  /** The user's name, or a placeholder when a device joined itself (reference 06, D-B18). */
  readonly userEmail: string;
  readonly service: RegistrationService;
  /** Name of its `Enrollments` key, in braces. */
  readonly enrollmentStub: string;
}
