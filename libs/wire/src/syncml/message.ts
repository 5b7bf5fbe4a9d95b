/** `format` values of the DM tree, `<Format xmlns="syncml:metinf">` (MS-MDM; reference 04, 4.2). */
export const nodeFormats = ['int', 'chr', 'bool', 'b64', 'bin', 'xml', 'node', 'null', 'float', 'date', 'time'] as const;
export type NodeFormat = (typeof nodeFormats)[number];

/** What `Meta` of a command or an item says about its data. */
export interface Meta {
  /** As sent; clients use names outside {@link nodeFormats} too. */
  readonly format?: string;
  readonly type?: string;
  /** Importance of an alert: `informational`, `critical`, … */
  readonly mark?: string;
  /** Digest authentication, base64. */
  readonly nextNonce?: string;
  readonly maxMsgSize?: number;
  /** Of a large object, in its first piece: bytes of the whole as UTF-8. */
  readonly size?: number;
}

export interface Item {
  /** LocURI of `Target`, percent-encoded as on the wire. */
  readonly target?: string;
  readonly source?: string;
  readonly meta?: Meta;
  /** Text content; markup in it is escaped on the wire. */
  readonly data?: string;
  /** The rest of the data comes with the next message. */
  readonly moreData?: boolean;
}

/** Verbs that act on nodes of the management tree. */
export const treeVerbs = ['Get', 'Add', 'Replace', 'Delete', 'Exec'] as const;
export type TreeVerb = (typeof treeVerbs)[number];

export interface TreeCommand {
  readonly verb: TreeVerb;
  /** As sent: a positive integer, unique in its message. */
  readonly cmdId: string;
  readonly meta?: Meta;
  readonly items: readonly Item[];
}
export interface Group {
  readonly verb: 'Atomic' | 'Sequence';
  readonly cmdId: string;
  readonly commands: readonly (TreeCommand | Group)[];
}
export interface Alert {
  readonly verb: 'Alert';
  readonly cmdId: string;
  /** Alert code, e.g. 1201. */
  readonly code: number;
  readonly items: readonly Item[];
}
export interface Status {
  readonly verb: 'Status';
  readonly cmdId: string;
  readonly msgRef: string;
  readonly cmdRef: string;
  /** Name of the command that it answers, `SyncHdr` for the header. */
  readonly cmd: string;
  readonly targetRefs: readonly string[];
  readonly sourceRefs: readonly string[];
  /** Present when the peer asks for authentication. */
  readonly challenge?: Meta;
  readonly code: number;
  readonly items: readonly Item[];
}
export interface Results {
  readonly verb: 'Results';
  readonly cmdId: string;
  readonly msgRef: string;
  readonly cmdRef: string;
  readonly meta?: Meta;
  readonly items: readonly Item[];
}
export type Command = TreeCommand | Group | Alert | Status | Results;

export interface Credentials {
  readonly type: string;
  readonly format: string;
  readonly data: string;
}

export interface SyncHeader {
  /** An opaque string to a server. */
  readonly sessionId: string;
  readonly msgId: string;
  readonly target: string;
  readonly source: string;
  /** `Source/LocName`: the user name of digest authentication. */
  readonly sourceName?: string;
  readonly credentials?: Credentials;
  /** Bytes that the sender is ready to receive in one message. */
  readonly maxMsgSize?: number;
}

/** One SyncML 1.2 message of OMA-DM. */
export interface SyncMessage {
  readonly header: SyncHeader;
  readonly commands: readonly Command[];
  readonly final: boolean;
}
