import { Module, type OnModuleInit } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { intuneMdmDeviceCa, stsSigning } from '@greenscreen/host/authority/definitions';
import { companyPortalControllers } from './company-portal/index.js';
import { contentControllers } from './content/index.js';
import { enrollmentControllers } from './enrollment/index.js';
import { fleetControllers } from './fleet/index.js';
import { imeControllers } from './ime/index.js';
import { linuxControllers } from './linux/index.js';
import { managementControllers } from './management/index.js';
import { MdmServices } from './mdm-services.js';

@Module({
  providers: [MdmServices],
  controllers: [
    ...enrollmentControllers,
    ...managementControllers,
    ...imeControllers,
    ...contentControllers,
    ...fleetControllers,
    ...companyPortalControllers,
    ...linuxControllers,
  ],
})
export class MdmModule implements OnModuleInit {
  constructor(private readonly authorities: AuthorityStore) {}

  /** Loads the keys before the first request: reading one takes a connection, which a request inside a transaction must not wait for. */
  async onModuleInit(): Promise<void> {
    await Promise.all([stsSigning, intuneMdmDeviceCa].map((definition) => this.authorities.get(definition)));
  }
}
