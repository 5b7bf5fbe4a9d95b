import { type DynamicModule, Module } from '@nestjs/common';
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
import { RunQueue } from './runs/run-queue.js';
import { readRunSettings, RUN_SETTINGS } from './runs/run-settings.js';
import { RunStore } from './runs/run-store.js';
import { RunsController } from './runs/runs.controller.js';
import { RUNNER, type RunnerLoader } from './runs/scenario-runner.js';
import { ScenariosController } from './runs/scenarios.controller.js';
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
    ScenariosController,
  ],
  providers: [RunStore, RunQueue, { provide: RUN_SETTINGS, useFactory: readRunSettings }],
})
export class ControlModule {
  /** With what plays the runs that it is asked for, if there is something. */
  static with(runner: RunnerLoader | undefined): DynamicModule {
    return { module: ControlModule, providers: [{ provide: RUNNER, useValue: runner }] };
  }
}
