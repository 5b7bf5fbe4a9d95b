import { Injectable } from '@nestjs/common';
import { OperationServices } from '@greenscreen/host/context';

/** What the operations of Graph work with. */
@Injectable()
export class GraphServices extends OperationServices {}
