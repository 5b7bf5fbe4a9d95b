import { clientIds } from './identifiers.js';

export interface FirstPartyClient {
  readonly clientId: string;
  readonly displayName: string;
  readonly redirectUris: readonly string[];
}

const NATIVE = 'https://login.microsoftonline.com/common/oauth2/nativeclient';
const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';
const brokerRedirect = (clientId: string): string => `ms-appx-web://Microsoft.AAD.BrokerPlugin/${clientId}`;

/** Public clients of Microsoft that every tenant knows, with the redirect URIs that clients use (reference 02, 5.1 [client]). */
export const firstPartyClients: readonly FirstPartyClient[] = [
  {
    clientId: clientIds.authenticationBroker,
    displayName: 'Microsoft Authentication Broker',
    redirectUris: [
      'ms-aadj-redir://auth/drs',
      'ms-aadj-redir://auth/mdm',
      'ms-appx-web://Microsoft.AAD.BrokerPlugin/DRS',
      'msauth://Microsoft.AAD.BrokerPlugin',
      OUT_OF_BAND,
      NATIVE,
    ],
  },
  { clientId: clientIds.windowsSignIn, displayName: 'Windows Sign In', redirectUris: [] },
  { clientId: clientIds.azureAdPowerShell, displayName: 'Azure Active Directory PowerShell', redirectUris: [NATIVE, OUT_OF_BAND] },
  { clientId: clientIds.deviceRegistrationClient, displayName: 'Microsoft Device Registration Client', redirectUris: [] },
  { clientId: clientIds.bulkJoin, displayName: 'Microsoft Azure Active Directory Bulk Join', redirectUris: [OUT_OF_BAND] },
  { clientId: clientIds.companyPortal, displayName: 'Microsoft Intune Company Portal', redirectUris: [] },
  {
    clientId: clientIds.linuxBroker,
    displayName: 'Microsoft Identity Broker for Linux',
    redirectUris: ['msauth://Microsoft.AAD.BrokerPlugin'],
  },
];

export const firstPartyClient = (clientId: string): FirstPartyClient | undefined =>
  firstPartyClients.find((client) => client.clientId === clientId.toLowerCase());

/** Whether a first-party client may be redirected there: its list, or the broker's address for itself (reference 02, 5.1, generic rule). */
export function firstPartyMayRedirect(client: FirstPartyClient, redirectUri: string): boolean {
  const wanted = redirectUri.toLowerCase();
  return [...client.redirectUris, brokerRedirect(client.clientId)].some((allowed) => allowed.toLowerCase() === wanted);
}
