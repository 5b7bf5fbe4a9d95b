import { Body, Controller, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { ENROLLMENT_HOST } from '../hosts.js';
import { MdmServices } from '../mdm-services.js';
import { deviceEnrollmentOperation } from './device-enrollment.operation.js';
import { enrollmentDialect } from './enrollment-dialect.js';

@Controller({ host: ENROLLMENT_HOST, path: 'StatelessEnrollmentService/DeviceEnrollment.svc' })
@UseFilters(new FaultFilter(enrollmentDialect))
export class DeviceEnrollmentController {
  constructor(private readonly mdm: MdmServices) {}

  @Post()
  @Operation('mdm-enroll', 'RST')
  async enroll(@Body() body: Buffer): Promise<Reply> {
    return deviceEnrollmentOperation(this.mdm, body);
  }
}
