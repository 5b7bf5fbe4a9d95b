import { describe, expect, it } from '@jest/globals';
import { decodeWlanProfile, encodeWlanProfile, type WlanProfile, WlanProfileError } from './index.js';

const office: WlanProfile = {
  name: 'Office & lab',
  ssid: 'Contoso "2" ü',
  hidden: false,
  connectAutomatically: true,
  security: 'wpa2Personal',
  preSharedKey: ' <secret> ',
};

describe('a WLAN profile', () => {
  it.each<WlanProfile>([office, { ...office, security: 'open', preSharedKey: null, hidden: true, connectAutomatically: false }])(
    'survives: %j',
    (profile) => {
      expect(decodeWlanProfile(encodeWlanProfile(profile))).toEqual(profile);
    },
  );

  it('names the network in letters and in bytes, and its cipher', () => {
    const text = encodeWlanProfile({ ...office, ssid: 'Lab' });
    expect(text).toContain('<SSID><hex>4C6162</hex><name>Lab</name></SSID>');
    expect(text).toContain('<authentication>WPA2PSK</authentication><encryption>AES</encryption>');
  });

  it.each([
    ['no XML', 'Contoso'],
    ['another root', '<Profile/>'],
    ['another namespace', encodeWlanProfile(office).replace('/v1"', '/v9"')],
    ['a kind that is not known', encodeWlanProfile(office).replace('WPA2PSK', 'WEP')],
    ['a missing passphrase', encodeWlanProfile(office).replace(/<sharedKey>.*<\/sharedKey>/, '')],
    ['a missing name', encodeWlanProfile(office).replace('Office &amp; lab', '')],
  ])('%s is refused', (_what, text) => {
    expect(() => decodeWlanProfile(text)).toThrow(WlanProfileError);
  });
});
