import { type AccessTokenClaims } from '@greenscreen/wire/oauth';

/** Authentication methods that count as a second factor (MS-KPP 3.1.5.1.1.3). */
const methods: readonly string[] = ['mfa', 'ngcmfa', 'http://schemas.microsoft.com/claims/multipleauthn'];

/** Whether the token's user proved more than a password. */
export const isMultiFactor = ({ amr }: AccessTokenClaims): boolean => amr.some((method) => methods.includes(method));
