import { beforeAll, describe, expect, it } from '@jest/globals';
import { spkiOf } from '@greenscreen/crypto/keys';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { mdm } from '@greenscreen/mdm';
import { tokenTypes } from '@greenscreen/wire/soap';
import { encodeIssueRequest } from '@greenscreen/wire/wstep';
import { descendantsOf, parseXml } from '@greenscreen/wire/xml';
import { randomUUID } from 'node:crypto';
import { type TestResponse } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { useTlsCloud } from '../../support/tls-cloud.js';
import { csr, deviceKeys, DISCOVERY, documentOf, joinedAutopilotDevice, plain, post, userToken } from './support.js';

const cloud = useTlsCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const ENROLLMENT_NAMESPACE = 'http://schemas.microsoft.com/windows/management/2012/01/enrollment';

/** The script's only test of an answer. */
const worked = (response: TestResponse): boolean => response.status === 200 && !response.text().includes('Fault');

/** `discover`: the kind of device is a parameter of the script; the address is `.//e:EnrollmentServiceUrl`. */
async function discover(user: string, deviceType: string): Promise<string | undefined> {
  const response = await post(
    cloud(),
    DISCOVERY,
    `<s:Envelope xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:s="http://www.w3.org/2003/05/soap-envelope">
  <s:Header>
    <a:Action s:mustUnderstand="1">${ENROLLMENT_NAMESPACE}/IDiscoveryService/Discover</a:Action>
    <a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>
    <a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>
    <a:To s:mustUnderstand="1">${DISCOVERY}</a:To>
  </s:Header>
  <s:Body>
    <Discover xmlns="${ENROLLMENT_NAMESPACE}">
      <request xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
        <EmailAddress>${user}</EmailAddress>
        <RequestVersion>3.0</RequestVersion>
        <DeviceType>${deviceType}</DeviceType>
        <ApplicationVersion>10.0.0.0</ApplicationVersion>
        <OSEdition>4</OSEdition>
        <AuthPolicies><AuthPolicy>Federated</AuthPolicy></AuthPolicies>
      </request>
    </Discover>
  </s:Body>
</s:Envelope>`,
  );
  if (!worked(response)) return undefined;
  return descendantsOf(parseXml(response.body), ENROLLMENT_NAMESPACE, 'EnrollmentServiceUrl')[0]?.text;
}

describe('OutOfTune', () => {
  it.each(['CIMClient_Windows', 'WindowsPhone'])(
    '04 9 a %s finds the service and enrolls, without asking for a policy',
    async (deviceType) => {
      const device = await joinedAutopilotDevice(cloud(), lab);
      // The user need not be there: the part after @ counts.
      const url = (await discover(`user@${lab.domain}`, deviceType)) ?? '';
      const text = await userToken(cloud(), lab, { deviceid: device.deviceId });
      const request = { to: url, token: { valueType: tokenTypes.jwt, text }, csr: await csr() };
      const response = await post(cloud(), url, encodeIssueRequest({ ...request, context: plain(device, { DeviceType: deviceType }) }));
      expect(worked(response)).toBe(true);
      const certificate = decodeCertificate(documentOf(response).certificates.device.der);
      expect(certificate.spki.equals(spkiOf((await deviceKeys()).publicKey))).toBe(true);
      const refused = await post(cloud(), url, encodeIssueRequest({ ...request, context: plain(device, { DeviceType: undefined }) }));
      expect([worked(refused), refused.text().includes('Fault')]).toEqual([false, true]);
    },
  );

  it('04 9 a domain that nobody has is a fault', async () => {
    expect(await discover('user@nobody.example', 'CIMClient_Windows')).toBeUndefined();
  });
});
