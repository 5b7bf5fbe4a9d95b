import { canonicalUri, segmentsOf } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { decodeWlanProfile, WlanProfileError } from '@greenscreen/wire/wlan-profile';
import { type ConfigurationServiceProvider } from './provider.js';

const ROOT = './Device/Vendor/MSFT/WiFi/Profile';

/** WiFi CSP, as far as networks are added by it: `<SSID>/WlanXml` has to be a profile of the network that the node names [our choice: else 400]. */
export const wifiProvider: ConfigurationServiceProvider = {
  root: canonicalUri(ROOT),
  write: (uri, { data }) => {
    const [ssid, node, ...rest] = segmentsOf(uri).slice(segmentsOf(ROOT).length);
    if (node !== 'WlanXml' || rest.length > 0) return undefined;
    try {
      return decodeWlanProfile(data).ssid === ssid ? undefined : statusCode.badRequest;
    } catch (error) {
      if (error instanceof WlanProfileError) return statusCode.badRequest;
      throw error;
    }
  },
};
