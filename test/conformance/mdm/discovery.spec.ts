import { beforeAll, describe, expect, it } from '@jest/globals';
import { JournalEntry } from '@greenscreen/model/installation';
import { mdm } from '@greenscreen/mdm';
import { decodeDiscoverResponse, encodeDiscoverRequest } from '@greenscreen/wire/mde2';
import { attributeOf, descendantsOf, parseXml } from '@greenscreen/wire/xml';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { deviceToken, DISCOVERY, getPolicies, joinedAutopilotDevice, post, refusalOf } from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const NAMESPACE = 'http://schemas.microsoft.com/windows/management/2012/01/enrollment';
const request = (emailAddress: string, requestVersion = '6.0'): string =>
  encodeDiscoverRequest(DISCOVERY, {
    emailAddress,
    requestVersion,
    deviceType: 'CIMClient_Windows',
    applicationVersion: '10.0.22631.3296',
    osEdition: '4',
    authPolicies: ['OnPremise', 'Federated'],
  }).toString();
const fooUser = (domain = lab.domain): string => `fooUser@${domain}`;
const discover = (body: string | Buffer, url = DISCOVERY): Promise<TestResponse> => post(cloud(), url, body);
const resultOf = (response: TestResponse) => {
  if (response.status !== 200) throw new Error(`Refused: ${response.text()}`);
  return decodeDiscoverResponse(response.body);
};
const header = (response: TestResponse, name: string) =>
  descendantsOf(parseXml(response.body), 'http://www.w3.org/2005/08/addressing', name)[0]?.text;

describe('Discovery', () => {
  it('04-1 the probe is an empty 200, whatever the case of the path', async () => {
    for (const host of [
      'enrollment.manage.microsoft.com',
      'enterpriseenrollment.manage.microsoft.com',
      `enterpriseenrollment.${lab.domain}`,
    ])
      for (const path of ['EnrollmentServer/Discovery.svc', 'enrollmentserver/discovery.svc']) {
        const { status, headers, body } = await cloud().request(`https://${host}/${path}`);
        expect([status, headers['content-length'], headers['transfer-encoding'], body.length]).toEqual([200, '0', undefined, 0]);
      }
  });

  it('04-2 an answer is whole SOAP that relates to its request', async () => {
    const response = await discover(request(fooUser()));
    expect(response.headers['content-type']).toBe('application/soap+xml; charset=utf-8');
    expect(Number(response.headers['content-length'])).toBe(response.body.length);
    expect(response.headers['transfer-encoding']).toBeUndefined();
    expect(header(response, 'RelatesTo')).toBe('urn:uuid:748132ec-a575-4329-b01b-6171a9cf8478');
    expect(response.headers['content-encoding']).toBeUndefined();
  });

  it('04-3 a MessageID is trimmed, and may come again', async () => {
    const body = request(fooUser()).replace(
      'urn:uuid:748132ec-a575-4329-b01b-6171a9cf8478',
      '\n  urn:uuid: 748132ec-a575-4329-b01b-6171a9cf8478 \n',
    );
    for (const response of [await discover(body), await discover(body)])
      expect([response.status, header(response, 'RelatesTo')]).toEqual([200, 'urn:uuid: 748132ec-a575-4329-b01b-6171a9cf8478']);
  });

  it('04-4 the version is the lesser of the wanted and the configured one', async () => {
    for (const [wanted, answered] of [
      ['3.0', '3.0'],
      ['4.0', '4.0'],
      ['5.0', '5.0'],
      ['6.0', '5.0'],
      ['9.0', '5.0'],
    ] as const)
      expect(resultOf(await discover(request(fooUser(), wanted))).enrollmentVersion).toBe(answered);
    const other = await newTenant(cloud(), { 'mdm.enrollmentVersion': '9.0' });
    expect(resultOf(await discover(request(fooUser(other.domain), '9.0'))).enrollmentVersion).toBe('9.0');
    expect(refusalOf(await discover(request(fooUser(), 'six')))).toMatchObject({ subcode: 's:MessageFormat' });
  });

  it('04-5 05-23 only the domain counts; an unknown one is a fault', async () => {
    const [first, ...others] = await Promise.all(
      ['fooUser', 'autopilot', 'nobody'].map(async (name) => resultOf(await discover(request(`${name}@${lab.domain}`)))),
    );
    for (const other of others) expect(other).toEqual(first);
    expect(resultOf(await discover(request(fooUser(lab.tenant.initialDomain.toUpperCase()))))).toEqual(first);
    expect(refusalOf(await discover(request('fooUser@nobody.example')))).toEqual({
      status: 500,
      subcode: 's:Authorization',
      errorType: 'Authorization',
      reason: 'Tenant not found',
      hresult: '80180003',
    });
  });

  it('04-6 the namespace may have a trailing slash in the request, and has none in the answer', async () => {
    const response = await discover(request(fooUser()).replace(`<Discover xmlns="${NAMESPACE}"`, `<Discover xmlns="${NAMESPACE}/"`));
    expect(response.text()).toContain(`<DiscoverResponse xmlns="${NAMESPACE}">`);
  });

  it('04-7 only Federated has an AuthenticationServiceUrl', async () => {
    expect(resultOf(await discover(request(fooUser())))).toMatchObject({
      authPolicy: 'Federated',
      authenticationServiceUrl: expect.stringMatching(/^https:/),
    });
    for (const policy of ['OnPremise', 'Certificate']) {
      const other = await newTenant(cloud(), { 'mdm.authPolicy': policy });
      const response = await discover(request(fooUser(other.domain)));
      expect(resultOf(response).authPolicy).toBe(policy);
      expect(response.text()).not.toContain('AuthenticationServiceUrl');
    }
  });

  it('04-8 the enrollment address takes a client-request-id; ActivityId has an attribute and text', async () => {
    const response = await discover(request(fooUser()));
    const { enrollmentServiceUrl = '', enrollmentPolicyServiceUrl = '' } = resultOf(response);
    expect(enrollmentServiceUrl).not.toContain('?');
    expect(new URL(enrollmentServiceUrl).host).toBe(new URL(enrollmentPolicyServiceUrl).host);
    const activity = descendantsOf(
      parseXml(response.body),
      'http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics',
      'ActivityId',
    )[0];
    const id = activity?.text ?? '';
    expect([id, activity && attributeOf(activity, 'CorrelationId')]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), id]);
    expect(refusalOf(await post(cloud(), `${enrollmentServiceUrl}?client-request-id=${id}`, request(fooUser()))).subcode).toBe(
      's:MessageFormat',
    );
    const device = await joinedAutopilotDevice(cloud(), lab);
    expect((await getPolicies(cloud(), await deviceToken(cloud(), lab, device))).status).toBe(200);
  });

  it('04-9 order of the request’s children and the offered policies do not matter', async () => {
    const body = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><Discover xmlns="${NAMESPACE}"><request><AuthPolicies><AuthPolicy>OnPremise</AuthPolicy></AuthPolicies><OSEdition>4</OSEdition><ApplicationVersion>10.0.1.2</ApplicationVersion><DeviceType>WindowsPhone</DeviceType><RequestVersion>4.0</RequestVersion><EmailAddress> fooUser@${lab.domain} </EmailAddress></request></Discover></s:Body></s:Envelope>`;
    expect(resultOf(await discover(body))).toMatchObject({ authPolicy: 'Federated', enrollmentVersion: '4.0' });
    expect(
      resultOf(await discover(body.replace('http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/'))),
    ).toBeDefined();
    expect(resultOf(await discover(request(''))).authPolicy).toBe('Federated');
  });

  it('04-10 05-30 what cannot be read is a fault, what is too much 413; the next request is answered', async () => {
    const good = request(fooUser());
    for (const broken of [
      `<!DOCTYPE a [<!ENTITY b "c">]>${good}`,
      good.slice(0, -20),
      '{"EmailAddress":"a"}',
      '',
      good.replaceAll('Discover', 'Other'),
    ])
      expect(refusalOf(await discover(broken))).toMatchObject({ status: 500, subcode: 's:MessageFormat', hresult: '80180001' });
    const large = await discover(Buffer.alloc(2 * 1024 * 1024, 'a'));
    expect([large.status, large.body.length]).toEqual([413, 0]);
    expect((await discover(good)).status).toBe(200);
  });

  it('the journal knows the operations by their names', async () => {
    const device = await joinedAutopilotDevice(cloud(), lab);
    await getPolicies(cloud(), await deviceToken(cloud(), lab, device));
    await cloud().context.journal.flush();
    const rows = await cloud().context.dataSource.manager.findBy(JournalEntry, { deviceId: device.deviceId });
    expect(rows).toMatchObject([{ service: 'mdm-policy', operation: 'GetPolicies', status: 200, tenantId: lab.tenant.id }]);
  });
});
