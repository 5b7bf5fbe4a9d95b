/** When a fault fires (reference 05, C.4; 06, D-A71). Every member that is given must hold. */
export interface FaultMatch {
  /** Identifiers that the request must name, in its address, headers, body, tokens or client certificate. */
  serial?: string;
  deviceId?: string;
  ztdid?: string;
  /** Header values by lower-case name; compared without regard to case. */
  header?: Record<string, string>;
  /** Text that the body must contain, such as a grant or a message type. */
  body?: string;
  /** Counted over the requests that meet everything else, from 1. */
  nth?: number;
  from?: number;
  until?: number;
  /** Annotations of the run's device (`POST /devices/{serial}/checkpoints`). */
  after?: string;
  before?: string;
  /** 0 to 1, decided by `seed` and the request's number: the same seed gives the same run. */
  probability?: number;
  seed?: number;
}

/** Answer from the service's own table of refusals, or any other. */
export interface FaultResponse {
  /** Code such as `drs.DeviceNotFound`: bit-identical to the real refusal. */
  code?: string;
  /** Values for the placeholders of the code's text. */
  detail?: Record<string, string | number | boolean>;
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

/** What a fault does: one member, beside which only `delayMs` may stand. */
export interface FaultAction {
  respond?: FaultResponse;
  /** Before the headers. */
  delayMs?: number;
  /** Never answers. */
  hold?: boolean;
  /** The right answer, slowly. */
  drip?: { bytes: number; everyMs: number };
  connection?: 'refuse' | 'reset' | 'close_mid_body';
  /** In the handshake, by the gateway. */
  tls?: 'expired' | 'not_yet_valid' | 'wrong_host' | 'untrusted_root' | 'no_client_cert_seen';
  /** A defect of the certificate that the operation issues. */
  cert?: { target: string; defect: string };
  /** Changes to the token that the operation issues; times in seconds from now. */
  token?: { aud?: string; exp?: number; nbf?: number; tid?: string; ddid?: string; drop?: string[] };
  corrupt?: string;
  tamper?: string;
  /** SyncML: another status for a node, or the node's command left out. */
  syncml?: { uri: string; status?: number; omit?: boolean };
  /** A change to the records, before the request is looked at. */
  record?: RecordChange;
}

/** A change to one of a device's records (06, D-B67). */
export interface RecordChange {
  target: 'AP' | 'DEV' | 'MD' | 'EVT';
  /** Of the device; the rule's own `match.serial` unless given. */
  serial?: string;
  set?: Record<string, unknown>;
  delete?: boolean;
  clone?: boolean;
}
