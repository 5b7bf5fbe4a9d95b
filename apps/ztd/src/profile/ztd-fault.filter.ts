import { Catch } from '@nestjs/common';
import { readConfig } from '@greenscreen/host/config';
import { FaultFilter } from '@greenscreen/host/faults';
import { ztdSettings } from '../settings.js';
import { ztdDialect } from './ztd-dialect.js';
import { type ZtdFault } from './ztd.errors.js';

/** Writes the profile service's refusals in the installation's shape, unless a tenant has its own. */
@Catch()
export class ZtdFaultFilter extends FaultFilter<ZtdFault> {
  constructor() {
    super(ztdDialect(readConfig('ztd', ztdSettings).errorShape));
  }
}
