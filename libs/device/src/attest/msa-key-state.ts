/** Server side of event 176: the numbers of DeviceTpmKeyState (reference 01, 4.1). */
const serverStates = ['no key', 'invalid key', 'software key', 'unattested key', 'attested key', 'revoked', 'disabled'];
const ATTESTED = 4;
const REVOKED = 5;

/** Parameters of event 176 (reference 05, A.2). */
export interface KeyStates {
  readonly ServerState: string;
  readonly ClientState: string;
}

export const isAttested = (serverState: number): boolean => serverState === ATTESTED;

/** Beside the server's view the client's own: what a device knows that has, or has not, got an AIK certificate. */
export function keyStates(serverState: number, certified: boolean): KeyStates & Record<string, string> {
  const failure = serverState === REVOKED ? 'long-term attestation failure' : 'temporary attestation failure';
  return { ServerState: serverStates[serverState] ?? String(serverState), ClientState: certified ? 'attested key' : failure };
}
