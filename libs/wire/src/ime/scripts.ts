import { createHash } from 'node:crypto';
import { ImeCodecError } from './error.js';

/** A script as `PolicyRequest` brings it: its text, as it is. Members beside id and body are inferred. */
export interface AgentScript {
  readonly id: string;
  /** Grows with each change: the agent runs a script once in each version. */
  readonly version: number;
  /** Intune account id. */
  readonly accountId: string;
  readonly body: string;
  readonly runAsUser: boolean;
  readonly runAs32Bit: boolean;
  readonly enforceSignatureCheck: boolean;
}

/** Type of a policy that is a PowerShell script. */
const POWERSHELL = 1;

/** JSON array. */
export const encodeScripts = (scripts: readonly AgentScript[]): string =>
  JSON.stringify(
    scripts.map(({ id, version, accountId, body, runAsUser, runAs32Bit, enforceSignatureCheck }) => ({
      AccountId: accountId,
      PolicyId: id,
      PolicyType: POWERSHELL,
      DocumentSchemaVersion: '1.0',
      PolicyHash: createHash('sha256').update(body).digest('base64'),
      PolicyBody: body,
      PolicyBodySize: body.length,
      PolicyScriptParameters: null,
      ContentSignature: null,
      isTombStoned: false,
      isRecurring: false,
      ExecutionContext: runAsUser ? 1 : 0,
      InternalVersion: version,
      EnforceSignatureCheck: enforceSignatureCheck ? 1 : 0,
      RunningMode: runAs32Bit ? 1 : 0,
    })),
  );

/** Id and text of each script. Throws {@link ImeCodecError}. */
export function decodeScripts(payload: string): Pick<AgentScript, 'id' | 'body'>[] {
  const list: unknown = JSON.parse(payload);
  if (!Array.isArray(list)) throw new ImeCodecError('the payload is not a list');
  return list.map((entry: unknown) => {
    const members = new Map<string, unknown>(Object.entries(typeof entry === 'object' && entry !== null ? entry : {}));
    const [id, body] = [members.get('PolicyId'), members.get('PolicyBody')];
    if (typeof id !== 'string' || typeof body !== 'string') throw new ImeCodecError('a script lacks its id or its body');
    return { id, body };
  });
}
