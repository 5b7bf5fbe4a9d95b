import { Injectable } from '@nestjs/common';
import { OperationServices } from '@greenscreen/host/context';

/** What the operations of this service work with. */
@Injectable()
export class ZtdServices extends OperationServices {}
