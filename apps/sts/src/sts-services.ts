import { Inject, Injectable } from '@nestjs/common';
import { OperationServices } from '@greenscreen/host/context';
import { AIK_SOURCE, type AikSource } from '@greenscreen/host/identity';

/** What the operations of the token service work with. */
@Injectable()
export class StsServices extends OperationServices {
  /** What the AIK service has issued. */
  @Inject(AIK_SOURCE) readonly aikSource!: AikSource;
}

/** Whole seconds since the epoch. */
export const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);
