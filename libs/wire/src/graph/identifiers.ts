/** `azureActiveDirectoryDeviceId` and `managedDeviceId` of what does not exist (yet). */
export const ZERO_GUID = '00000000-0000-0000-0000-000000000000';

/** "Never": clients format `lastContactedDateTime` without a check, so that it is never null (reference 01, 3.1). */
export const NEVER = '0001-01-01T00:00:00Z';

/** Audiences of tokens for Microsoft Graph (reference 02, 5.1). */
export const graphAudiences = ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'] as const;

/** Audiences of tokens for the older directory graph (reference 02, 5.1). */
export const directoryGraphAudiences = ['https://graph.windows.net', '00000002-0000-0000-c000-000000000000'] as const;

/** `2025-03-14T09:26:53Z` or with seven digits of a second where there is a fraction; {@link NEVER} for null. */
export function graphDate(at: Date | null): string {
  if (at === null) return NEVER;
  const text = at.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : `${text.slice(0, 23)}0000Z`;
}
