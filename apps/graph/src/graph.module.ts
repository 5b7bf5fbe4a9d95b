import { Module, type NestModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthorityStore } from '@greenscreen/host/authority';
import { stsSigning } from '@greenscreen/host/authority/definitions';
import { AuditController } from './audit/audit.controller.js';
import { BatchController } from './batch/batch.controller.js';
import { DirectoryGraphController } from './directory-graph/directory-graph.controller.js';
import { CompliancePoliciesController } from './compliance/compliance-policies.controller.js';
import { ConfigurationsController } from './configurations/configurations.controller.js';
import { DevicesController } from './directory/devices.controller.js';
import { DirectoryController } from './directory/directory.controller.js';
import { GroupsController } from './directory/groups.controller.js';
import { UserInfoController } from './directory/user-info.controller.js';
import { EnrollmentConfigurationsController } from './enrollment-configurations/enrollment-configurations.controller.js';
import { FallbackController } from './fallback.controller.js';
import { GraphServices } from './graph-services.js';
import { BetaIdentitiesController, IdentitiesController } from './identities/identities.controller.js';
import { ImportedIdentitiesController } from './imports/imported-identities.controller.js';
import { ImportWorker } from './imports/import-worker.js';
import { AutopilotEventsController, ManagedDevicesController } from './intune/intune.controller.js';
import { UploadsController } from './imports/uploads.controller.js';
import { MobileAppsController } from './mobile-apps/mobile-apps.controller.js';
import { ProfilesController } from './profiles/profiles.controller.js';
import { pathKeysMiddleware } from './request/path-keys.js';
import { ScriptsController } from './scripts/scripts.controller.js';
import { SettingsController } from './settings/settings.controller.js';

@Module({
  providers: [GraphServices, ImportWorker],
  controllers: [
    BatchController,
    ImportedIdentitiesController,
    UploadsController,
    IdentitiesController,
    BetaIdentitiesController,
    SettingsController,
    ProfilesController,
    ConfigurationsController,
    CompliancePoliciesController,
    ScriptsController,
    EnrollmentConfigurationsController,
    MobileAppsController,
    DevicesController,
    GroupsController,
    ManagedDevicesController,
    AutopilotEventsController,
    AuditController,
    DirectoryController,
    UserInfoController,
    DirectoryGraphController,
    FallbackController,
  ],
})
export class GraphModule implements OnModuleInit, NestModule {
  constructor(
    private readonly authorities: AuthorityStore,
    private readonly server: HttpAdapterHost,
  ) {}

  /** In front of the routes, at the root: Express restores the address after a middleware that is mounted on a path. */
  configure(): void {
    this.server.httpAdapter.use(pathKeysMiddleware);
  }

  /** Loads the key before the first request: reading one takes a connection, which a request inside a transaction must not wait for. */
  async onModuleInit(): Promise<void> {
    await this.authorities.get(stsSigning);
  }
}
