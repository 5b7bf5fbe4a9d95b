export { decodeWlanProfile, encodeWlanProfile, type WlanProfile, WlanProfileError } from './wlan-profile.codec.js';
