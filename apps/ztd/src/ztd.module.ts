import { Module, type OnModuleInit } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { msaTicket } from '@greenscreen/host/authority/definitions';
import { DeviceAddController } from './msa/device-add.controller.js';
import { TokenController } from './msa/token.controller.js';
import { ProfileController } from './profile/profile.controller.js';
import { ZtdServices } from './ztd-services.js';

@Module({
  providers: [ZtdServices],
  controllers: [DeviceAddController, TokenController, ProfileController],
})
export class ZtdModule implements OnModuleInit {
  constructor(private readonly authorities: AuthorityStore) {}

  /** Loads the key before the first request: reading it takes a connection, which a request inside a transaction must not wait for. */
  async onModuleInit(): Promise<void> {
    await this.authorities.get(msaTicket);
  }
}
