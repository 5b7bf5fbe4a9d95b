import { Module, type OnModuleInit } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { msaTicket, msOrganizationAccess, stsSigning } from '@greenscreen/host/authority/definitions';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { DrsServices } from './drs-services.js';
import { KeyController } from './key/key.controller.js';
import { JoinController } from './join/join.controller.js';
import { ManageController } from './manage/manage.controller.js';
import { NonceController } from './nonce/nonce.controller.js';
import { UnjoinController } from './unjoin/unjoin.controller.js';

@Module({
  providers: [DrsServices],
  controllers: [NonceController, JoinController, UnjoinController, KeyController, ManageController, DiscoveryController],
})
export class DrsModule implements OnModuleInit {
  constructor(private readonly authorities: AuthorityStore) {}

  /** Loads the keys before the first request: reading one takes a connection, which a request inside a transaction must not wait for. */
  async onModuleInit(): Promise<void> {
    await Promise.all([stsSigning, msOrganizationAccess, msaTicket].map((definition) => this.authorities.get(definition)));
  }
}
