import { EnrollmentError } from '@greenscreen/device/enroll';
import { mdm } from '@greenscreen/mdm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { managedPc, type PcChange } from '../management/support.js';

/**
 * Public servers that are no clients here (oscartbeaumont/windows_mdm, marcosd4h/MDMatador, mattrax/Mattrax; reference 04, section 9): the
 * simulated device has to be read by them, and to make of their answers what Windows makes of them.
 */
const cloud = useCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const BASE64_BINARY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd#base64binary';

describe('The device, read with regular expressions that know its prefixes', () => {
  let request = '';
  beforeAll(async () => {
    request = (await managedPc(cloud(), lab)).sent('mdm-enroll')[0]?.body ?? '';
  });
  const found = (expression: RegExp): string => expression.exec(request)?.[1] ?? `nothing for ${String(expression)}`;

  it('04 9 DeviceID and EnrollmentType stand in their items without a blank', () => {
    const item = (name: string) => found(new RegExp(`<ac:ContextItem Name="${name}"><ac:Value>([\\s\\S]*?)</ac:Value></ac:ContextItem>`));
    expect(item('DeviceID')).toMatch(/^[0-9A-F]{32}$/);
    expect(item('EnrollmentType')).toBe('Device');
    expect(item('HWDevID')).toMatch(/^[0-9A-Fa-f]{64}$/);
  });

  it('04 9 token and request are the prefixed elements, with their attributes in Windows’ order', () => {
    const token = (valueType: string) =>
      found(
        new RegExp(
          `<wsse:BinarySecurityToken ValueType="${valueType}" EncodingType="${BASE64_BINARY}">([\\s\\S]*?)</wsse:BinarySecurityToken>`,
        ),
      );
    expect(Buffer.from(token('http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10'), 'base64')[0]).toBe(0x30);
    expect(Buffer.from(token('urn:ietf:params:oauth:token-type:jwt'), 'base64').toString()).toMatch(/^eyJ/);
    expect(found(/<a:MessageID>(.*?)<\/a:MessageID>/)).toBe('urn:uuid:0d5a1441-5891-453b-becf-a2e5f6ea3749');
  });
});

describe('The device, told in lower case that it is refused', () => {
  const fault =
    '<s:envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:body><s:fault><s:code><s:value>s:receiver</s:value><s:subcode><s:value>s:authorization</s:value></s:subcode></s:code><s:reason><s:text xml:lang="en-us">no</s:text></s:reason><s:detail><deviceenrollmentserviceerror xmlns="http://schemas.microsoft.com/windows/pki/2009/01/enrollment"><errortype>devicecapreached</errortype></deviceenrollmentserviceerror></s:detail></s:fault></s:body></s:envelope>';
  const answering = (status: number, body: string): PcChange => ({
    network: (network) => ({
      http: async (request) => {
        const answer = await network.http(request);
        return request.service === 'mdm-enroll' ? { ...answer, status, body: Buffer.from(body) } : answer;
      },
    }),
  });

  it.each([
    [200, fault, 0x801900c8],
    [500, fault, 0x801901f4],
    [404, fault, 0x80190194],
    [500, '', 0x80180029],
    [500, fault.replaceAll('s:fault', 's:Fault'), 0x80180008],
  ])('04 9 04 3.7 finds no fault in it: a %i', async (status, body, hresult) => {
    const refusal = await managedPc(cloud(), lab, answering(status, body)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(EnrollmentError);
    expect((refusal as EnrollmentError).hresult.toString(16)).toBe(hresult.toString(16));
  });
});
