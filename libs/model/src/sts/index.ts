import { AuthorizationCode } from './authorization-code.entity.js';
import { BulkJoinFlow } from './bulk-join-flow.entity.js';
import { DeviceCode } from './device-code.entity.js';
import { StsNonce } from './nonce.entity.js';
import { RefreshToken } from './refresh-token.entity.js';
import { SignInFlow, SignInSession } from './sign-in-flow.entity.js';
import { SignInLog } from './sign-in-log.entity.js';

export { AuthorizationCode } from './authorization-code.entity.js';
export { BulkJoinFlow } from './bulk-join-flow.entity.js';
export { DeviceCode } from './device-code.entity.js';
export { StsNonce } from './nonce.entity.js';
export { RefreshToken } from './refresh-token.entity.js';
export { SignInFlow, SignInSession } from './sign-in-flow.entity.js';
export { SignInLog } from './sign-in-log.entity.js';

export const stsEntities = [StsNonce, RefreshToken, AuthorizationCode, DeviceCode, SignInFlow, SignInSession, SignInLog, BulkJoinFlow];
