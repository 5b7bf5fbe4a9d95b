import { Inject, Injectable } from '@nestjs/common';
import { OperationServices } from '@greenscreen/host/context';
import { currentExchange } from '@greenscreen/host/exchange';
import { AIK_SOURCE, type AikSource } from '@greenscreen/host/identity';
import { type DirectoryChange } from '@greenscreen/model/directory';

/** What the operations of the registration service work with. */
@Injectable()
export class DrsServices extends OperationServices {
  /** What the AIK service has issued. */
  @Inject(AIK_SOURCE) readonly aikSource!: AikSource;

  /** The request in hand, for directory operations and their audit entries. */
  change(at: Date): DirectoryChange {
    return { random: this.random, at, correlationId: currentExchange().traceId };
  }
}
