import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AttestationController } from './attestation/attestation.controller.js';
import { ClockController } from './clock/clock.controller.js';
import { DirectoryController } from './directory/directory.controller.js';
import { DevicesController } from './devices/devices.controller.js';
import { ForgeCertificateController } from './forge/certificate.controller.js';
import { ForgeTokenController } from './forge/token.controller.js';
import { FaultsController } from './faults/faults.controller.js';
import { InstallationController } from './installation/installation.controller.js';
import { JournalController } from './journal/journal.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { RecordsController } from './records/records.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { SeedController } from './seed/seed.controller.js';
import { SecondFactorsController } from './sign-in/second-factors.controller.js';
import { StateController } from './state/state.controller.js';
import { ApplicationsController } from './tenants/applications.controller.js';
import { AssignmentsController } from './tenants/assignments.controller.js';
import { TenantSettingsController } from './tenants/settings.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [
    InstallationController,
    TenantsController,
    ApplicationsController,
    AssignmentsController,
    TenantSettingsController,
    ClockController,
    JournalController,
    DevicesController,
    FaultsController,
    RecordsController,
    DirectoryController,
    SecondFactorsController,
    StateController,
    ForgeCertificateController,
    ForgeTokenController,
    AttestationController,
    SeedController,
    OpenApiController,
    RunsController,
  ],
})
export class ControlModule {}
