import { describe, expect, test } from '@jest/globals';
import { decodeMsiInstallJob, encodeMsiInstallJob, MsiJobError } from './index.js';

/** As reference 04, 4.5 prints it. */
const JOB = `<MsiInstallJob id="{2FE7E6F1-0A61-4C6C-9C8F-3D1F2F5B7A10}"><Product Version="1.83.107.0"><Download><ContentURLList><ContentURL>https://content.mock01.manage.microsoft.com/IntuneWindowsAgent.msi</ContentURL></ContentURLList></Download><Validation><FileHash>AB01</FileHash></Validation><Enforcement><CommandLine>/quiet</CommandLine><TimeOut>10</TimeOut><RetryCount>3</RetryCount><RetryInterval>5</RetryInterval></Enforcement></Product></MsiInstallJob>`;

describe('MsiInstallJob', () => {
  test('survives byte for byte', () => {
    const job = decodeMsiInstallJob(JOB);
    expect(job).toMatchObject({ productCode: '{2FE7E6F1-0A61-4C6C-9C8F-3D1F2F5B7A10}', version: '1.83.107.0', timeoutMinutes: 10 });
    expect(encodeMsiInstallJob(job)).toBe(JOB);
  });

  test('what Enforcement leaves out has defaults', () => {
    expect(decodeMsiInstallJob(JOB.replace(/<Enforcement>.*<\/Enforcement>/, ''))).toMatchObject({
      commandLine: '',
      timeoutMinutes: 10,
      retryCount: 3,
      retryIntervalMinutes: 5,
    });
  });

  test.each([
    ['no XML', 'x'],
    ['another root', JOB.replaceAll('MsiInstallJob', 'Job')],
    ['no product code', JOB.replace(/ id="[^"]*"/, '')],
    ['no URL', JOB.replace(/<ContentURL>.*<\/ContentURL>/, '')],
    ['no hash', JOB.replace(/<Validation>.*<\/Validation>/, '')],
    ['a number that is none', JOB.replace('<TimeOut>10', '<TimeOut>soon')],
  ])('%s is refused', (_what, text) => {
    expect(() => decodeMsiInstallJob(text)).toThrow(MsiJobError);
  });
});
