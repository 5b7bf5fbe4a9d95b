import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type AutopilotProfile,
  decodeAutopilotProfile,
  decodeProfileRequest,
  decodeRemediationData,
  decodeRemediationRequest,
  decodeServiceError,
  encodeAutopilotProfile,
  encodeOfflineProfile,
  encodeProfileRequest,
  encodeRemediationRequest,
  encodeServiceError,
  errorOfDocument,
  hresultOfServiceError,
  oobeConfigOf,
  parseProfileDocument,
} from './index.js';

/** reference 01, 6.3, without the member that 06, D-A50 drops. */
const EXAMPLE =
  '{"AutopilotServiceCorrelationId":"1f5d3f5a-0a67-4c3e-9c65-0b6f3a1d9e77","ZtdRegistrationId":"0d5c5c0e-3b7c-4f0e-9f57-3f1d8a1f7b21","AadDeviceId":"a7a9b4a0-1f0b-4a3e-8d2e-52d1d7c1b333","CloudAssignedOobeConfig":1310,"CloudAssignedDomainJoinMethod":0,"CloudAssignedForcedEnrollment":1,"CloudAssignedTenantDomain":"mocklab.onmicrosoft.com","CloudAssignedTenantId":"7b2f9f1e-3c1d-4c55-8f5a-2f0e5a8d9c10","CloudAssignedMdmId":"9cb77803-d937-493e-9a3b-4b49de3f5a74","CloudAssignedDeviceName":"MB-%SERIAL%","CloudAssignedLanguage":"os-default","CloudAssignedTenantUpn":"anna@mocklab.example","DeploymentProfileName":"Pre-provisioned laptops","IsExplicitProfileAssignment":true,"CloudAssignedAutopilotUpdateDisabled":1,"CloudAssignedPrivacyDiagnostics":0,"HybridJoinSkipDCConnectivityCheck":0,"CloudAssignedAutopilotUpdateTimeout":1800000}';

const profile: AutopilotProfile = {
  serviceCorrelationId: '1f5d3f5a-0a67-4c3e-9c65-0b6f3a1d9e77',
  ztdRegistrationId: '0d5c5c0e-3b7c-4f0e-9f57-3f1d8a1f7b21',
  aadDeviceId: 'a7a9b4a0-1f0b-4a3e-8d2e-52d1d7c1b333',
  oobeConfig: 1310,
  domainJoinMethod: 'entra',
  forcedEnrollment: true,
  tenantDomain: 'mocklab.onmicrosoft.com',
  tenantId: '7b2f9f1e-3c1d-4c55-8f5a-2f0e5a8d9c10',
  mdmId: '9cb77803-d937-493e-9a3b-4b49de3f5a74',
  deviceNameTemplate: 'MB-%SERIAL%',
  language: 'os-default',
  tenantUpn: 'anna@mocklab.example',
  profileName: 'Pre-provisioned laptops',
  explicitAssignment: true,
  updateDisabled: true,
  updateTimeoutMs: 1_800_000,
  hybridSkipsConnectivityCheck: false,
};

describe('the profile', () => {
  it('is written as the published file has it, and read again', () => {
    expect(JSON.stringify(encodeAutopilotProfile(profile))).toBe(EXAMPLE);
    expect(decodeAutopilotProfile(parseProfileDocument(EXAMPLE) ?? {})).toEqual(profile);
  });

  it('is found under names of any case, with what the client adds', () => {
    const document = parseProfileDocument(EXAMPLE.toLowerCase()) ?? {};
    const read = decodeAutopilotProfile({ ...document, policydownloaddate: '2025-03-14T09:26:53Z' });
    expect(read).toMatchObject({ oobeConfig: 1310, tenantDomain: profile.tenantDomain, policyDownloadDate: '2025-03-14T09:26:53Z' });
  });

  it('is not in an error object, an empty answer, or one with members of other types', () => {
    for (const text of ['', '{}', '{"ErrorCode":807}', '{"CloudAssignedTenantDomain":"a","CloudAssignedTenantId":1}'])
      expect(decodeAutopilotProfile(parseProfileDocument(text) ?? {})).toBeUndefined();
    for (const text of ['[]', 'null', '"a"', '{"a":', '<html>']) expect(parseProfileDocument(text)).toBeUndefined();
    expect(parseProfileDocument(Buffer.from([0x7b, 0xff, 0x7d]))).toBeUndefined();
  });
});

it('the mask of the out-of-box experience has the values that are known', () => {
  const hidden = { userIsStandard: true, privacyHidden: true, eulaHidden: true, keyboardSkipped: false, selfDeploying: false };
  expect(oobeConfigOf(hidden)).toBe(286);
  expect(oobeConfigOf({ ...hidden, keyboardSkipped: true })).toBe(1310);
  expect(oobeConfigOf({ ...hidden, keyboardSkipped: true, selfDeploying: true })).toBe(1534);
});

describe('a request', () => {
  it('is in its headers', () => {
    const request = { deviceToken: 't=a', correlationVector: 'W1D16N3gSUORhUV2.0.1', hardwareHash: 'T0Hj', osEdition: '48', marker: 'm' };
    const headers = encodeProfileRequest(request);
    expect(headers).toEqual({
      'X-Device-Token': 't=a',
      'MS-CV': 'W1D16N3gSUORhUV2.0.1',
      'X-Hardware-Hash': 'T0Hj',
      'X-OsEdition': '48',
      'X-Autopilot-Marker': 'm',
    });
    expect(decodeProfileRequest(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])))).toEqual(
      request,
    );
    expect(decodeProfileRequest({ 'x-device-token': ' ', 'x-osversion': undefined })).toEqual({});
  });
});

describe('a refusal', () => {
  const error = { code: 807, reason: 'ZtdDeviceIsNotRegistered' };
  const bytes = (shape: 'A' | 'Bobj' | 'Bstr'): Buffer => Buffer.from(JSON.stringify(encodeServiceError(error, shape, 'id')));

  it('has three shapes, two of which are errors to the client', () => {
    expect(bytes('A').toString()).toBe('{"ErrorCode":807,"ErrorReason":"ZtdDeviceIsNotRegistered","AutopilotServiceCorrelationId":"id"}');
    expect(bytes('Bstr').toString()).toBe('{"Message":"{\\"ErrorMessage\\":\\"ZtdDeviceIsNotRegistered\\",\\"ErrorCodeNumber\\":807}"}');
    expect(decodeServiceError(bytes('Bstr'))).toEqual(error);
    expect(decodeServiceError(bytes('Bobj'))).toEqual(error);
    expect(decodeServiceError(bytes('A'))).toBeUndefined();
    expect(errorOfDocument(parseProfileDocument(bytes('A')) ?? {})).toEqual(error);
    expect(hresultOfServiceError(807)).toBe(0x81038327);
    expect(hresultOfServiceError(908)).toBe(0x8103838c);
  });

  it('needs both inner members, a text and a number', () => {
    for (const message of [
      'Unauthorized',
      '{"ErrorMessage":"a"}',
      '{"ErrorMessage":"a","ErrorCodeNumber":"807"}',
      { ErrorCodeNumber: 1 },
      null,
      7,
    ])
      expect(decodeServiceError(Buffer.from(JSON.stringify({ Message: message })))).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => decodeServiceError(Buffer.from(text)) === undefined));
  });
});

describe('a report of other hardware', () => {
  it('is base64 of JSON in JSON', () => {
    const mismatch = { cachedHardwareBlob: '', currentHardwareBlob: 'T0Hj' };
    const data = decodeRemediationRequest(Buffer.from(encodeRemediationRequest(mismatch))) ?? '';
    expect(decodeRemediationData(data)).toEqual(mismatch);
    for (const other of ['', '%', Buffer.from('{}').toString('base64'), Buffer.from('{"CurrentHardwareBlob":1}').toString('base64')])
      expect(decodeRemediationData(other)).toBeUndefined();
  });
});

describe('the offline file', () => {
  const offline = {
    profileId: '5b5e6b0a-9c3d-4d11-8d0e-6a4f2c9b7e18',
    profileName: 'Existing devices',
    domainJoinMethod: 'entra',
    oobeConfig: 286,
    language: 'de-DE',
    forcedEnrollment: true,
    tenantId: '7b2f9f1e-3c1d-4c55-8f5a-2f0e5a8d9c10',
    tenantDomain: 'mocklab.example',
    hybridSkipsConnectivityCheck: false,
  } as const;

  it('has the members of reference 01, 6.5 in their order, and no ZTD id', () => {
    expect(JSON.stringify(encodeOfflineProfile(offline))).toBe(
      '{"Comment_File":"Profile Existing devices","Version":2049,"ZtdCorrelationId":"5b5e6b0a-9c3d-4d11-8d0e-6a4f2c9b7e18","CloudAssignedDomainJoinMethod":0,"CloudAssignedOobeConfig":286,"CloudAssignedForcedEnrollment":1,"CloudAssignedTenantId":"7b2f9f1e-3c1d-4c55-8f5a-2f0e5a8d9c10","CloudAssignedTenantDomain":"mocklab.example","CloudAssignedAadServerData":"{\\"ZeroTouchConfig\\":{\\"CloudAssignedTenantUpn\\":\\"\\",\\"ForcedEnrollment\\":1,\\"CloudAssignedTenantDomain\\":\\"mocklab.example\\"}}","CloudAssignedAutopilotUpdateDisabled":1,"CloudAssignedAutopilotUpdateTimeout":1800000}',
    );
    const read = decodeAutopilotProfile(encodeOfflineProfile(offline));
    expect(read).toMatchObject({ ztdCorrelationId: offline.profileId, tenantDomain: 'mocklab.example' });
    expect(read).not.toHaveProperty('ztdRegistrationId');
  });

  it('names a language only beside the keyboard bit, and the connectivity check only when it is skipped', () => {
    const members = encodeOfflineProfile({
      ...offline,
      oobeConfig: 1310,
      domainJoinMethod: 'hybrid',
      hybridSkipsConnectivityCheck: true,
      deviceNameTemplate: 'X',
    });
    expect(members).toMatchObject({
      CloudAssignedLanguage: 'de-DE',
      HybridJoinSkipDCConnectivityCheck: 1,
      CloudAssignedDomainJoinMethod: 1,
      CloudAssignedDeviceName: 'X',
    });
  });
});
