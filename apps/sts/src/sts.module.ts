import { Module, type OnModuleInit } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { msOrganizationAccess, msOrganizationP2pAccess, stsNextSigning, stsSigning } from '@greenscreen/host/authority/definitions';
import { AuthorizeController } from './authorize/authorize.controller.js';
import { DeviceAuthController } from './device-code/device-auth.controller.js';
import { DeviceCodeController } from './device-code/device-code.controller.js';
import { MetadataController } from './metadata/metadata.controller.js';
import { FederationController } from './federation/federation.controller.js';
import { FederationProviderController } from './realm/federation-provider.controller.js';
import { RealmController } from './realm/realm.controller.js';
import { SecondFactorController } from './second-factor/second-factor.controller.js';
import { StsServices } from './sts-services.js';
import { TokenController } from './token/token.controller.js';
import { BulkJoinController } from './webapp/bulk-join.controller.js';
import { CloudDomainJoinController } from './webapp/cloud-domain-join.controller.js';

@Module({
  providers: [StsServices],
  controllers: [
    MetadataController,
    RealmController,
    FederationProviderController,
    TokenController,
    DeviceCodeController,
    DeviceAuthController,
    CloudDomainJoinController,
    FederationController,
    BulkJoinController,
    SecondFactorController,
    AuthorizeController,
  ],
})
export class StsModule implements OnModuleInit {
  constructor(private readonly authorities: AuthorityStore) {}

  /** Loads the keys before the first request: reading one takes a connection, which a request inside a transaction must not wait for. */
  async onModuleInit(): Promise<void> {
    const needed = [stsSigning, stsNextSigning, msOrganizationAccess, msOrganizationP2pAccess];
    await Promise.all(needed.map((definition) => this.authorities.get(definition)));
  }
}
