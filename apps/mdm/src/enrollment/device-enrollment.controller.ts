import { Body, Controller, Post, UseFilters } from '@nestjs/common';
import { ClientCertificate, type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { ENROLLMENT_HOST, MANAGEMENT_HOST } from '../hosts.js';
import { MdmServices } from '../mdm-services.js';
import { deviceEnrollmentOperation } from './device-enrollment.operation.js';
import { enrollmentDialect } from './enrollment-dialect.js';
import { nameOf } from './operation-name.js';

/** On the management host too: renewal needs the client certificate that only that one asks for (06 D-B19). */
@Controller({ host: [ENROLLMENT_HOST, MANAGEMENT_HOST], path: 'StatelessEnrollmentService/DeviceEnrollment.svc' })
@UseFilters(new FaultFilter(enrollmentDialect))
export class DeviceEnrollmentController {
  constructor(private readonly mdm: MdmServices) {}

  @Post()
  @Operation(({ body }) => nameOf(body).service, ({ body }) => nameOf(body).operation)
  async enroll(@Body() body: Buffer, @ClientCertificate() presented: PresentedCertificate | undefined): Promise<Reply> {
    return deviceEnrollmentOperation(this.mdm, body, presented);
  }
}
