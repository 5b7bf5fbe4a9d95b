/** The seeded tenant and its automation client, which the banner of `up` names. */
export const administratorDefaults = {
  against: 'https://127.0.0.1:8443',
  tenant: 'contosolab.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-555555555555',
  clientSecret: 'lab-secret',
} as const;
