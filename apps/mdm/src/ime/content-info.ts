import { encodeEnvelopedData } from '@greenscreen/crypto/cms';
import { Fault } from '@greenscreen/host/faults';
import { IntuneApp } from '@greenscreen/model/mdm-session';
import { encodeContentInfo, encodeContentKey, ImeCodecError, parseObject } from '@greenscreen/wire/ime';
import { type MdmIdentity } from '../device-identity/index.js';
import { type MdmServices } from '../mdm-services.js';
import { appContentUrl } from './app-content.js';

/** Where an app's content is, and its key for this device's certificate only, whatever certificate the request names. */
export async function contentInfo({ em }: MdmServices, { enrollment, certificate }: MdmIdentity, payload: string): Promise<string> {
  const app = await em.findOneBy(IntuneApp, { tenantId: enrollment.tenantId, id: applicationId(payload), type: 'win32' });
  if (!app) throw new Fault('ime.NotFound');
  const key = encodeContentKey({ encryptionKey: app.contentKey, iv: app.contentIv });
  return encodeContentInfo({ uploadLocation: appContentUrl(app), encryptedKey: encodeEnvelopedData(key, certificate.der) });
}

function applicationId(payload: string): string {
  try {
    const { ApplicationId: id } = parseObject(payload);
    if (typeof id === 'string') return id;
  } catch (error) {
    if (!(error instanceof ImeCodecError)) throw error;
  }
  throw new Fault('ime.BadRequest');
}
