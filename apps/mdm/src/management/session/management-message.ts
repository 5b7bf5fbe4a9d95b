import { type DirectoryUser, type Tenant } from '@greenscreen/model/tenancy';
import { type SyncMessage } from '@greenscreen/wire/syncml';
import { type MdmIdentity } from '../../device-identity/index.js';
import { type MdmServices } from '../../mdm-services.js';

/** A message as it arrived. */
export interface ReceivedMessage {
  readonly body: Buffer;
  readonly contentType: string | undefined;
  readonly presented: { readonly der: Buffer } | undefined;
}

/** A message, as far as it has been checked. */
export class ManagementMessage {
  identity: MdmIdentity;
  tenant: Tenant;
  message: SyncMessage;
  now: Date;
  /** Whom an AADUserToken alert stands for; undefined without one, and for one that proves nothing. */
  signedIn: DirectoryUser | undefined;

  constructor(
    readonly mdm: MdmServices,
    readonly received: ReceivedMessage,
  ) {}
}
