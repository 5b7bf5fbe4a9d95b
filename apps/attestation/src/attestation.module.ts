import { Module, type OnModuleInit } from '@nestjs/common';
import { tpmRoot } from '@greenscreen/host/authority/definitions';
import { AikFaultFilter } from './aik/aik-fault.filter.js';
import { ScepController } from './aik/scep.controller.js';
import { AttestationServices } from './attestation-services.js';
import { AmdController } from './ek/amd.controller.js';
import { IntelController } from './ek/intel.controller.js';
import { QualcommController } from './ek/qualcomm.controller.js';
import { AikPublicationController } from './publication/aik-publication.controller.js';
import { OdcaController } from './publication/odca.controller.js';
import { TpmRootController } from './publication/tpm-root.controller.js';
import { VendorPki } from './publication/vendor-pki.js';
import { VendorPkiController } from './publication/vendor-pki.controller.js';

@Module({
  providers: [AttestationServices, VendorPki, AikFaultFilter],
  controllers: [
    IntelController,
    AmdController,
    QualcommController,
    ScepController,
    AikPublicationController,
    TpmRootController,
    VendorPkiController,
    OdcaController,
  ],
})
export class AttestationModule implements OnModuleInit {
  constructor(private readonly services: AttestationServices) {}

  /** A key of 4096 bits takes seconds: it is made while nobody waits for it. */
  onModuleInit(): void {
    this.services.prepare(this.services.authorities.get(tpmRoot));
  }
}
