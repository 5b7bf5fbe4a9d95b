import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import {
  type AppPackage,
  CONTENT_HEADER,
  type ContentKey,
  decodeAppPackage,
  type DetectionRule,
  type SelectedApp,
} from '@greenscreen/wire/ime';
import { exitCode, hresultOfWin32, type WindowsInstaller } from '../background/index.js';
import { DeploymentError, type DeviceContext, hresultOfStatus } from '../context/index.js';
import { type AgentContext, type AgentGateway, readable, UNREADABLE } from './gateway.js';

/** Return codes that Intune takes for installed unless an app says otherwise. */
const successes: readonly number[] = [exitCode.success, 1707, exitCode.rebootRequired, exitCode.rebootInitiated];
const MAC_BYTES = 32;
const ATTEMPTS = 3;
const RETRY_MS = 5 * 60_000;
/** "The application was not detected after installation completed successfully" (Intune's app error table). */
export const NOT_DETECTED = 0x87d1041c;

/** How an installation ended. */
export interface AppResult {
  /** 0 when the app is there. */
  readonly hresult: number;
  /** The restart that the installer wants: 3010 leaves it to whoever comes, 1641 does not. */
  readonly reboot: 'none' | 'soft' | 'hard';
}

/** Whether an app's rules find it. Only the file rule is known here. */
export const isDetected = ({ files }: Pick<DeviceContext, 'files'>, { detection }: SelectedApp): boolean =>
  detection.length > 0 && detection.every(({ path, fileOrFolderName }: DetectionRule) => files.has(`${path}\\${fileOrFolderName}`));

/**
 * Downloads, opens and runs an app's content, then looks whether it is there (reference 04, 4.6; 05, T19). Throws DeploymentError when the
 * content cannot be had or read, NetworkError when nobody answers.
 */
export async function installApp(
  context: AgentContext,
  gateway: AgentGateway,
  installer: Pick<WindowsInstaller, 'run'>,
  app: SelectedApp,
): Promise<AppResult> {
  const { url, key } = await gateway.contentOf(app);
  const response = await context.network.http({ service: 'content', operation: 'AppContent', method: 'GET', url });
  if (response.status !== 200)
    throw new DeploymentError(hresultOfStatus(response.status), `The content of ${app.name} cannot be downloaded`);
  const content = decodeContent(response.body, key);
  const code = await untilNotBusy(context, () => installer.run({ name: app.name, seconds: content.seconds, exitCode: content.exitCode }));
  if (!successes.includes(code)) return { hresult: hresultOfWin32(code), reboot: 'none' };
  for (const path of content.creates) context.files.set(path, app.version);
  const reboot = code === exitCode.rebootRequired ? 'soft' : code === exitCode.rebootInitiated ? 'hard' : 'none';
  return { hresult: isDetected(context, app) ? 0 : NOT_DETECTED, reboot };
}

/** 1618 is a return code of type "retry": three attempts, five minutes apart (Intune, return codes of Win32 apps). */
async function untilNotBusy({ clock }: Pick<DeviceContext, 'clock'>, attempt: () => Promise<number>): Promise<number> {
  let code = await attempt();
  for (let left = ATTEMPTS - 1; left > 0 && code === exitCode.alreadyRunning; left -= 1) {
    await clock.wait(RETRY_MS, 'another installation is in progress');
    code = await attempt();
  }
  return code;
}

/** HMAC, IV, AES-256-CBC (reference 04, 4.6). */
function decodeContent(bytes: Buffer, { encryptionKey, iv }: ContentKey): AppPackage {
  const [mac, sealed] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
  const macKey = createHash('sha256').update(encryptionKey).digest();
  const expected = createHmac('sha256', macKey).update(sealed).digest();
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected) || !sealed.subarray(0, iv.length).equals(iv))
    throw new DeploymentError(UNREADABLE, 'The content is damaged');
  const decipher = createDecipheriv('aes-256-cbc', encryptionKey, iv);
  return readable(() => decodeAppPackage(Buffer.concat([decipher.update(bytes.subarray(CONTENT_HEADER)), decipher.final()])));
}
