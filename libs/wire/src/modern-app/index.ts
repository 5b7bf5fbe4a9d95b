export { decodeHostedInstall, encodeHostedInstall, type HostedInstall, HostedInstallError } from './hosted-install.codec.js';
