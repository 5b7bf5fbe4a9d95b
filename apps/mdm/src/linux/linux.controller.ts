import { Body, Controller, Get, Headers, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { ENROLLMENT_HOST, LINUX_CHECK_IN_PATH, LINUX_ENROLLMENT_PATH } from '../hosts.js';
import { MdmServices } from '../mdm-services.js';
import { linuxDetailsOperation } from './check-in/details.operation.js';
import { linuxPoliciesOperation } from './check-in/policies.operation.js';
import { linuxStatusOperation } from './check-in/status.operation.js';
import { linuxEnrollOperation } from './enroll/enroll.operation.js';
import { linuxDialect } from './linux.errors.js';

/** Enrollment and check-in of Linux: REST with a user's tokens, where Graph's endpoint list says. API and client versions are not looked at. */
@Controller({ host: ENROLLMENT_HOST })
@UseFilters(new FaultFilter(linuxDialect))
export class LinuxController {
  constructor(private readonly mdm: MdmServices) {}

  @Post(`${LINUX_ENROLLMENT_PATH}/enroll`)
  @HttpCode(200)
  @Operation('linux-mdm', 'Enroll')
  enroll(@Headers('authorization') authorization: string | undefined, @Body() body: Buffer): Promise<Reply> {
    return linuxEnrollOperation(this.mdm, authorization, body);
  }

  @Post(`${LINUX_CHECK_IN_PATH}/details`)
  @HttpCode(200)
  @Operation('linux-mdm', 'Details')
  details(@Headers('authorization') authorization: string | undefined, @Body() body: Buffer): Promise<Reply> {
    return linuxDetailsOperation(this.mdm, authorization, body);
  }

  @Get(`${LINUX_CHECK_IN_PATH}/policies/:deviceId`)
  @Operation('linux-mdm', 'Policies')
  policies(@Headers('authorization') authorization: string | undefined, @Param('deviceId') deviceId: string): Promise<Reply> {
    return linuxPoliciesOperation(this.mdm, authorization, deviceId);
  }

  @Post(`${LINUX_CHECK_IN_PATH}/status`)
  @HttpCode(200)
  @Operation('linux-mdm', 'Status')
  status(@Headers('authorization') authorization: string | undefined, @Body() body: Buffer): Promise<Reply> {
    return linuxStatusOperation(this.mdm, authorization, body);
  }
}
