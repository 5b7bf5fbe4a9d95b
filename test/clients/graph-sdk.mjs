/** Microsoft's own SDK against Graph: imports, waits, pages, filters, searches, batches, changes and deletes. Prints what it saw. */
import { ClientSecretCredential } from '@azure/identity';
import { BatchRequestContent, BatchResponseContent, Client, PageIterator } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';

const { TENANT, CLIENT_ID, CLIENT_SECRET, HASHES } = process.env;
const credential = new ClientSecretCredential(TENANT, CLIENT_ID, CLIENT_SECRET);
const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes: ['https://graph.microsoft.com/.default'] });
const client = Client.initWithMiddleware({ authProvider, defaultVersion: 'beta' });

const imports = '/deviceManagement/importedWindowsAutopilotDeviceIdentities';
const identities = '/deviceManagement/windowsAutopilotDeviceIdentities';
const hashes = HASHES.split(',');
const seen = {};

const records = hashes.map((hardwareIdentifier) => ({
  '@odata.type': '#microsoft.graph.importedWindowsAutopilotDeviceIdentity',
  hardwareIdentifier,
  groupTag: 'SDK',
}));
const first = await client.api(imports).post(records[0]);
const { value: batchOfImports } = await client
  .api(`${imports}/import`)
  .post({ importedWindowsAutopilotDeviceIdentities: records.slice(1) });
const ids = [first, ...batchOfImports].map(({ id }) => id);
const ended = await Promise.all(ids.map((id) => client.api(`${imports}/${id}`).get()));
seen.imports = ended.map(({ state }) => state.deviceImportStatus);

const paged = [];
const page = await client.api(identities).top(2).get();
seen.pageSize = page.value.length;
await new PageIterator(client, page, (identity) => (paged.push(identity.id), true)).iterate();
seen.paged = paged.length;

const [one] = paged;
const { serialNumber } = await client.api(`${identities}/${one}`).select('serialNumber').get();
seen.filtered = (await client.api(identities).filter(`contains(serialNumber,'${serialNumber}')`).count(true).get())['@odata.count'];
const identity = await client.api(`${identities}/${one}`).expand('deploymentProfile').get();
seen.profile = identity.deploymentProfile.displayName;
const devices = await client
  .api('/devices')
  .version('v1.0')
  .header('ConsistencyLevel', 'eventual')
  .search(`"deviceId:${identity.azureActiveDirectoryDeviceId}"`)
  .get();
seen.searched = devices.value.map(({ displayName }) => displayName === serialNumber);

await client.api(`${identities}/${one}/updateDeviceProperties`).post({ displayName: 'SDK-1' });
seen.displayName = (await client.api(`${identities}/${one}`).get()).displayName;

const url = `https://graph.microsoft.com/beta${identities}/${one}`;
const user = {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ userPrincipalName: 'anna@lab.example' }),
};
/** The SDK tries a throttled batch again, but not the throttled requests inside one. */
for (let attempt = 0; attempt < 5 && !seen.batch?.every((status) => status < 300); attempt++) {
  const batch = new BatchRequestContent([
    { id: '1', request: new Request(url, { method: 'GET' }) },
    { id: '2', request: new Request('https://graph.microsoft.com/beta/organization', { method: 'GET' }), dependsOn: ['1'] },
    { id: '3', request: new Request(`${url}/assignUserToDevice`, user), dependsOn: ['2'] },
  ]);
  const answers = new BatchResponseContent(await client.api('/$batch').post(await batch.getContent()));
  seen.batch = ['1', '2', '3'].map((id) => answers.getResponseById(id).status);
}
seen.user = (await client.api(`${identities}/${one}`).get()).userPrincipalName;

for (const id of paged) await client.api(`${identities}/${id}`).delete();
for (const id of ids) await client.api(`${imports}/${id}`).delete();
seen.left = [(await client.api(identities).get()).value.length, (await client.api(imports).get()).value.length];
seen.missing = await client
  .api(`${identities}/${one}`)
  .get()
  .catch(({ statusCode, code }) => [statusCode, code]);
console.log(JSON.stringify(seen));
