import { describe, expect, it } from '@jest/globals';
import { decodeHostedInstall, encodeHostedInstall, HostedInstallError } from './index.js';

describe('HostedInstall', () => {
  it('survives, with whatever stands in its address', () => {
    const job = { packageUri: 'https://content.mock01.manage.microsoft.com/store/a&b.msix?x="1"' };
    expect(decodeHostedInstall(encodeHostedInstall(job))).toEqual(job);
    expect(encodeHostedInstall({ packageUri: 'https://x/a.msix' })).toBe(
      '<Application PackageUri="https://x/a.msix" DeploymentOptions="0" />',
    );
  });

  it.each(['', 'no XML', '<Application/>', '<App PackageUri="https://x/"/>'])('refuses %p', (text) => {
    expect(() => decodeHostedInstall(text)).toThrow(HostedInstallError);
  });
});
