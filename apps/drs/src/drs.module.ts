import { Module, type OnModuleInit } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { msaTicket, msOrganizationAccess, msOrganizationP2pAccess, stsSigning } from '@greenscreen/host/authority/definitions';
import { BitLockerController } from './bitlocker/bitlocker.controller.js';
import { ContractController } from './contract/contract.controller.js';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { DrsServices } from './drs-services.js';
import { KeyController } from './key/key.controller.js';
import { JoinController } from './join/join.controller.js';
import { ManageController } from './manage/manage.controller.js';
import { NotServedController } from './not-served.controller.js';
import { NonceController } from './nonce/nonce.controller.js';
import { PrecreateController } from './precreate/precreate.controller.js';
import { UnjoinController } from './unjoin/unjoin.controller.js';

@Module({
  providers: [DrsServices],
  controllers: [
    NonceController,
    PrecreateController,
    JoinController,
    UnjoinController,
    KeyController,
    BitLockerController,
    ManageController,
    DiscoveryController,
    ContractController,
    NotServedController,
  ],
})
export class DrsModule implements OnModuleInit {
  constructor(private readonly authorities: AuthorityStore) {}

  /** Loads the keys before the first request: reading one takes a connection, which a request inside a transaction must not wait for. */
  async onModuleInit(): Promise<void> {
    await Promise.all(
      [stsSigning, msOrganizationAccess, msOrganizationP2pAccess, msaTicket].map((definition) => this.authorities.get(definition)),
    );
  }
}
