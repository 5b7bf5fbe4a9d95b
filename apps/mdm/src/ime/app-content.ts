import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { type IntuneApp } from '@greenscreen/model/mdm-session';
import { CONTENT_HEADER, encodeAppPackage } from '@greenscreen/wire/ime';
import { CONTENT_HOST } from '../hosts.js';

/** The file that an app's detection rule looks for. */
export const installedFile = ({ id }: IntuneApp): { folder: string; name: string } => ({
  folder: `C:\\Program Files\\${id}`,
  name: 'app.exe',
});

/** What its installer leaves behind: that file, or with `detection: miss` another one. */
function leaves(app: IntuneApp): string {
  const { folder, name } = installedFile(app);
  return `${folder}\\${app.detection === 'match' ? name : 'unexpected.exe'}`;
}

/** Where an app's content is; a new version is another content. */
export const appContentUrl = ({ tenantId, id, version }: IntuneApp): string =>
  `https://${CONTENT_HOST}/apps/${tenantId}/${encodeURIComponent(id)}/${encodeURIComponent(version)}.bin`;

/** An app's content: HMAC, IV, AES-256-CBC, as in an .intunewin file (reference 04, 4.6). The same bytes every time. */
export function encryptedContent(app: IntuneApp): Buffer {
  const plain = encodeAppPackage({ exitCode: app.exitCode, seconds: app.seconds, creates: [leaves(app)] });
  const cipher = createCipheriv('aes-256-cbc', app.contentKey, app.contentIv);
  const sealed = Buffer.concat([app.contentIv, cipher.update(plain), cipher.final()]);
  // Clients know the encryption key only; the key of the HMAC follows from it.
  const macKey = createHash('sha256').update(app.contentKey).digest();
  const content = Buffer.concat([createHmac('sha256', macKey).update(sealed).digest(), sealed]);
  if (content.length <= CONTENT_HEADER) throw new Error('An app has no content');
  return content;
}
