import { Injectable } from '@nestjs/common';
import { OperationServices } from '@greenscreen/host/context';

/** What the operations of the MDM service work with. */
@Injectable()
export class MdmServices extends OperationServices {}
