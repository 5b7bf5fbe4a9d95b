import { under } from './loc-uri.js';

/** `./Device/Vendor/MSFT/WiFi/Profile/<SSID>[/<node>]` (WiFi CSP). */
export const wifiProfile = (ssid: string, ...node: readonly string[]): string => under('./Device/Vendor/MSFT/WiFi/Profile', ssid, ...node);
