import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { attestErrors, CERTREQ_OUTPUT } from '@greenscreen/device/attest';
import { type DeviceNetwork, type DeviceResponse, NetworkError } from '@greenscreen/device/context';
import { ztd } from '@greenscreen/ztd';
import { useCloud } from '../../support/cloud.js';
import { type TestClock } from '../../support/device.js';
import { type Machine, newMachine } from './machine.support.js';

const cloud = useCloud(attestation, control, ztd);

type Meddle = (service: string, operation: string, clock: TestClock) => Promise<DeviceResponse | undefined> | undefined;

/** What stands between the device and the cloud; undefined lets a request through. */
const meddling =
  (meddle: Meddle) =>
  (network: DeviceNetwork, clock: TestClock): DeviceNetwork => ({
    http: async (request) => (await meddle(request.service, request.operation, clock)) ?? network.http(request),
  });

const answer = (status: number, body = ''): Promise<DeviceResponse> =>
  Promise.resolve({
    status,
    headers: {},
    body: Buffer.from(body),
    header: () => undefined,
    text: () => body,
    json: () => JSON.parse(body) as unknown,
  });

const count = (machine: Machine, id: number): number => machine.ids().filter((other) => other === id).length;

describe('Securing your hardware fails', () => {
  it('05-7 05-44 ten times at GetCACaps, and nothing else is asked', async () => {
    const machine = await newMachine(
      cloud(),
      {},
      { network: meddling((_, operation) => (operation === 'GetCACaps' ? answer(404, '{"Message":"no"}') : undefined)) },
    );
    await expect(machine.secure()).rejects.toMatchObject({ hresult: attestErrors.attemptsExceeded });
    expect(count(machine, 177)).toBe(10);
    expect(count(machine, 202)).toBe(10);
    expect(machine.clock.waits).toEqual(Array(9).fill(30_000));
    expect(machine.data(182)).toEqual({ WaitMs: 30_000 });
    expect(machine.ids().slice(-6)).toEqual([189, 176, 171, 172, 156, 153]);
    expect(machine.data(171)).toEqual({ HRESULT: '0x81039001' });
    expect(machine.requests.filter((request) => request.startsWith('aik'))).toEqual([]);
    expect(machine.context.files.get(CERTREQ_OUTPUT)).toContain('GetCACaps: Not Found');
  });

  it('05-44 at 420 seconds when answers never come', async () => {
    const machine = await newMachine(
      cloud(),
      {},
      {
        network: meddling((_, operation, clock) => {
          if (operation !== 'PKCSReq') return undefined;
          return clock.wait(60_000).then(() => Promise.reject(new NetworkError(0x80072ee2, 'timed out')));
        }),
      },
    );
    const begin = machine.clock.now().getTime();
    await expect(machine.secure()).rejects.toMatchObject({ hresult: attestErrors.timeout });
    expect(Math.round((machine.clock.now().getTime() - begin) / 10_000)).toBe(42);
    expect(machine.ids()).not.toContain(171);
    expect(machine.events()).toContainEqual(
      expect.objectContaining({ id: 62407, data: { name: 'CommercialOOBE_ESPProgress_TPMAttestation_TimedOut' } }),
    );
  });

  it('and succeeds after that when the trouble passes', async () => {
    let failures = 3;
    const machine = await newMachine(
      cloud(),
      {},
      { network: meddling((_, operation) => (operation === 'PKCSReq' && failures-- > 0 ? answer(503) : undefined)) },
    );
    await machine.secure();
    expect(count(machine, 177)).toBe(4);
    expect(count(machine, 207)).toBe(3);
    expect(count(machine, 205)).toBe(1);
  });

  it('03-29 with a wrong answer to the challenge', async () => {
    const machine = await newMachine(cloud(), {}, { traits: { corruptChallengeAnswer: true } });
    await expect(machine.secure()).rejects.toMatchObject({ hresult: attestErrors.attemptsExceeded });
    expect(machine.data(207)).toEqual({ HRESULT: '0x80190190' });
  });

  it('03-22 with the certificate of another key, and with a revoked one, which the identity service calls revoked', async () => {
    const mismatched = await newMachine(cloud(), { defect: 'wrong_key' });
    await expect(mismatched.secure()).rejects.toMatchObject({ hresult: attestErrors.attemptsExceeded });
    expect(mismatched.data(207)).toEqual({ HRESULT: '0x80190190' });
    const revoked = await newMachine(cloud(), { defect: 'revoked' });
    await expect(revoked.secure()).rejects.toMatchObject({ hresult: attestErrors.attemptsExceeded });
    expect(revoked.data(176)).toEqual({ ServerState: 'revoked', ClientState: 'long-term attestation failure' });
  });

  it('with a service whose root the device does not trust', async () => {
    const machine = await newMachine(cloud(), {}, { roots: '' });
    await expect(machine.secure()).rejects.toMatchObject({ hresult: attestErrors.attemptsExceeded });
    expect(machine.data(202)).toEqual({ HRESULT: '0x800b0109' });
  });

  it('at once without an EK certificate at AMD, later elsewhere', async () => {
    const amd = await newMachine(cloud(), { vendor: 'AMD', cert: 'absent' }, { tpm: { kind: 'firmware' } });
    await expect(amd.secure()).rejects.toMatchObject({ hresult: attestErrors.notFound });
    expect(count(amd, 177)).toBe(1);
    expect(amd.ids()).toEqual(expect.arrayContaining([209, 210, 171]));
    const intel = await newMachine(cloud(), { vendor: 'INTC', cert: 'absent' }, { tpm: { kind: 'firmware' } });
    await expect(intel.secure()).rejects.toMatchObject({ hresult: attestErrors.attemptsExceeded });
    expect(intel.requests.filter((request) => request.startsWith('aik'))).toEqual([]);
  });

  it('at 420 seconds when the vendor’s service cannot be reached', async () => {
    const machine = await newMachine(
      cloud(),
      { vendor: 'INTC', cert: 'fetch' },
      { network: meddling((service) => (service === 'ek-intel' ? Promise.reject(new NetworkError(0x80072efd, 'refused')) : undefined)) },
    );
    await expect(machine.secure()).rejects.toMatchObject({ hresult: attestErrors.timeout });
    expect(count(machine, 177)).toBe(1);
    expect(machine.ids()).toContain(209);
  });

  it.each([
    ['no TPM', { tpm: { kind: 'none' } }, attestErrors.timeout, 211],
    ['a known vulnerability', { tpm: { vulnerabilityFlags: 1 } }, attestErrors.vulnerableTpm, 212],
    ['Windows 11 before KB5013943', { traits: { osBuild: '22000.613' } }, attestErrors.windowsDefect, 171],
  ] as const)('for good with %s, and nobody is asked', async (_, change, hresult, event) => {
    const machine = await newMachine(cloud(), {}, change);
    await expect(machine.secure()).rejects.toMatchObject({ hresult });
    expect(machine.ids()).toContain(event);
    expect(machine.ids().at(-1)).toBe(153);
    expect(machine.requests).toEqual([]);
  });

  it('for good when the TPM has lost its keys, and with a TPM 1.2, which the service refuses', async () => {
    const lost = await newMachine(cloud(), {}, { tpm: { fault: 'bad_keyset' } });
    await expect(lost.secure()).rejects.toMatchObject({ hresult: 0x80090016 });
    expect(lost.data(206)).toEqual({ HRESULT: '0x80090016' });
    const old = await newMachine(cloud(), {}, { tpm: { spec: '1.2' } });
    await expect(old.secure()).rejects.toMatchObject({ hresult: attestErrors.timeout });
    expect(old.data(207)).toEqual({ HRESULT: '0x80190190' });
    expect(old.requests.filter((request) => request === 'aik PKCSReq')).toHaveLength(1);
  });
});
