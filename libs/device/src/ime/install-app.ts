import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import {
  type AppPackage,
  CONTENT_HEADER,
  type ContentKey,
  decodeAppPackage,
  type DetectionRule,
  type SelectedApp,
} from '@greenscreen/wire/ime';
import { DeploymentError, type DeviceContext, hresultOfStatus } from '../context/index.js';
import { type AgentContext, type AgentGateway } from './gateway.js';

const SECOND_MS = 1000;
/** Exit codes that count as installed; 3010 and 1641 want a restart. */
const SUCCESSES: readonly number[] = [0, 1707, 3010, 1641];
const MAC_BYTES = 32;
/** ERROR_INVALID_DATA. */
const UNREADABLE = 0x8007000d;
/** "The application was not detected after installation completed successfully" (Intune's app error table). */
export const NOT_DETECTED = 0x87d1041c;

/** How an installation ended. */
export interface AppResult {
  /** 0 when the app is there. */
  readonly hresult: number;
  readonly reboot: boolean;
}

/** Whether an app's rules find it. Only the file rule is known here. */
export const isDetected = ({ files }: Pick<DeviceContext, 'files'>, { detection }: SelectedApp): boolean =>
  detection.length > 0 && detection.every(({ path, fileOrFolderName }: DetectionRule) => files.has(`${path}\\${fileOrFolderName}`));

/** Downloads, opens and runs an app's content, then looks whether it is there (reference 04, 4.6; 05, T19). */
export async function installApp(context: AgentContext, gateway: AgentGateway, app: SelectedApp): Promise<AppResult> {
  const { url, key } = await gateway.contentOf(app);
  const response = await context.network.http({ service: 'content', operation: 'AppContent', method: 'GET', url });
  if (response.status !== 200)
    throw new DeploymentError(hresultOfStatus(response.status), `The content of ${app.name} cannot be downloaded`);
  const content = decodeContent(response.body, key);
  await context.clock.wait(content.seconds * SECOND_MS, `${app.name} is installed`);
  if (!SUCCESSES.includes(content.exitCode)) return { hresult: (0x80070000 | (content.exitCode & 0xffff)) >>> 0, reboot: false };
  for (const path of content.creates) context.files.set(path, app.version);
  return { hresult: isDetected(context, app) ? 0 : NOT_DETECTED, reboot: content.exitCode === 3010 || content.exitCode === 1641 };
}

/** HMAC, IV, AES-256-CBC (reference 04, 4.6). */
function decodeContent(bytes: Buffer, { encryptionKey, iv }: ContentKey): AppPackage {
  const [mac, sealed] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
  const macKey = createHash('sha256').update(encryptionKey).digest();
  const expected = createHmac('sha256', macKey).update(sealed).digest();
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected) || !sealed.subarray(0, iv.length).equals(iv))
    throw new DeploymentError(UNREADABLE, 'The content is damaged');
  const decipher = createDecipheriv('aes-256-cbc', encryptionKey, iv);
  return decodeAppPackage(Buffer.concat([decipher.update(bytes.subarray(CONTENT_HEADER)), decipher.final()]));
}
