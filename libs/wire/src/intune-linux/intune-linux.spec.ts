import { describe, expect, it } from '@jest/globals';
import { JsonFormatError } from '../json/index.js';
import { decodeLinuxEnrollRequest, decodeLinuxStatus, encodeLinuxEnrollAnswer, encodeLinuxStatusAnswer } from './index.js';

describe('enrollment of Linux', () => {
  const request = (csr: unknown) => JSON.stringify({ AppVersion: '1.2405.17', DeviceName: 'MyPC', CertificateSigningRequest: csr });

  it('takes the request as PEM of either line end, and as base64', () => {
    for (const csr of [
      '-----BEGIN CERTIFICATE REQUEST-----\nMIIC\nAAEC\n-----END CERTIFICATE REQUEST-----\n',
      '-----BEGIN CERTIFICATE REQUEST-----\r\nMIICAAEC\r\n-----END CERTIFICATE REQUEST-----',
      'MIICAAEC',
    ])
      expect(decodeLinuxEnrollRequest(request(csr))).toEqual({
        csr: Buffer.from('308202000102', 'hex'),
        appVersion: '1.2405.17',
        deviceName: 'MyPC',
      });
    for (const csr of ['', '?', 1, null, '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----'])
      expect(() => decodeLinuxEnrollRequest(request(csr))).toThrow(JsonFormatError);
  });

  it('answers with bytes as numbers', () => {
    const answer = { deviceId: '0f1212dc-d64d-4b55-9bc8-39bdd82a92de', thumbprint: '85', certificate: Buffer.from([48, 130, 4, 255]) };
    expect(encodeLinuxEnrollAnswer({ ...answer, renewPeriod: 181 })).toBe(
      '{"deviceId":"0f1212dc-d64d-4b55-9bc8-39bdd82a92de","certificate":{"thumbprint":"85","certBlob":[48,130,4,255]},"renewPeriod":181}',
    );
  });
});

describe('status of a policy', () => {
  // himmelblau-idm/intune-spec 3.3.
  const detail = {
    ActualValue: 'True',
    ExpectedValue: 'True',
    NewComplianceState: 'Compliant',
    OldComplianceState: 'Unknown',
    RuleId: 'cf4fb087-40ca-49af-a1d2-2b9163f0ded5',
    SettingDefinitionItemId: 'linux_deviceencryption_required',
  };
  const policy = { Details: [detail], LastStatusDateTime: '2025-05-12T15:52:31+00:00', PolicyId: 'f7101810-6170-491f-a40b-322d1cb363c1' };

  it('comes back with error numbers', () => {
    const text = JSON.stringify({ DeviceId: 'd', PolicyStatuses: [policy] });
    expect(JSON.parse(encodeLinuxStatusAnswer(decodeLinuxStatus(text)))).toEqual({
      PolicyStatuses: [{ ...policy, Details: [{ ...detail, ErrorCode: 0, ErrorType: 0 }] }],
    });
    const failed = JSON.stringify({ DeviceId: 'd', PolicyStatuses: [{ ...policy, Details: [{ ...detail, ErrorCode: 5, ErrorType: 1 }] }] });
    expect(encodeLinuxStatusAnswer(decodeLinuxStatus(failed))).toContain('"ErrorCode":5,"ErrorType":1');
  });

  it('is refused when it is of other types', () => {
    for (const wrong of [{ ...detail, RuleId: 1 }, { ...detail, ErrorCode: '5' }, { ...detail, NewComplianceState: '' }, 'x'])
      expect(() => decodeLinuxStatus(JSON.stringify({ DeviceId: 'd', PolicyStatuses: [{ ...policy, Details: [wrong] }] }))).toThrow(
        JsonFormatError,
      );
    for (const text of ['', '[]', '{"PolicyStatuses":[]}', '{"DeviceId":null}', '{"DeviceId":"d","PolicyStatuses":{}}'])
      expect(() => decodeLinuxStatus(text)).toThrow(JsonFormatError);
  });
});
