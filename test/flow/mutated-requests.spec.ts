import { type DeviceRequest, Timeline } from '@greenscreen/device/context';
import { GatewayNetwork } from '@greenscreen/device/network';
import { decodeEnrollmentFault } from '@greenscreen/wire/soap';
import { type RunResult } from '@greenscreen/scenarios/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Dice } from '../conformance/mdm/mutations.support.js';
import { useLab } from '../support/lab.js';
import { administratorRequests, mutantOf } from './mutated-requests.support.js';

/** Change it to see other mutants. */
const SEED = 1;
/** Of each request. */
const MUTANTS = 15;
const AT_ONCE = 8;

const lab = useLab();

/** Whether a service says that it failed. Enrollment's refusals are all of status 500 (reference 04, 3.7). */
function hasFailed(status: number, body: Buffer): boolean {
  if (status < 500) return false;
  try {
    const fault = decodeEnrollmentFault(body);
    return fault === undefined || fault.subcode === 'a:InternalServiceFault';
  } catch {
    return true;
  }
}

describe('The requests of a run, each with something changed', () => {
  let run: RunResult;
  let network: GatewayNetwork;
  let answered: readonly DeviceRequest[];
  beforeAll(async () => {
    run = await lab().replay();
    network = new GatewayNetwork({
      gateway: lab().address.gateway,
      roots: await lab().control.roots(),
      timeline: new Timeline(() => new Date()),
    });
    answered = run.traffic.flatMap(({ request, response }) => (response ? [request] : []));
  }, 120_000);
  afterAll(() => network.close());

  async function bombard(originals: readonly DeviceRequest[], seed: number): Promise<readonly string[]> {
    const failures: string[] = [];
    let refused = 0;
    const jobs = originals.flatMap((original) => Array.from({ length: MUTANTS }, () => original));
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        for (let index = lane; index < jobs.length; index += AT_ONCE) {
          const mutant = mutantOf(jobs[index]!, new Dice(seed + index));
          const { status, body } = await network.http(mutant);
          if (status >= 400) refused += 1;
          if (hasFailed(status, body))
            failures.push(
              `${mutant.service} ${mutant.operation}: ${mutant.method ?? ''} ${mutant.url} → ${status}\n${String(mutant.body)}`,
            );
        }
      }),
    );
    // Both happen, or nothing is tested.
    expect([refused > jobs.length / 4, refused < jobs.length]).toEqual([true, true]);
    return failures;
  }

  it('are answered or refused after the run: none of them makes a service fail', async () => {
    expect(answered.length).toBeGreaterThan(70);
    expect(await bombard(answered, SEED)).toEqual([]);
  }, 200_000);

  it('likewise when it is the time of the first of them again, whose tokens are good, and with an administrator’s', async () => {
    await lab().control.clearClock(run.tenant.id);
    const authorization = answered.find(({ service }) => service === 'graph')?.headers?.authorization ?? '';
    const administrative = administratorRequests({ authorization });
    for (const request of administrative) expect([request.url, (await network.http(request)).status < 300]).toEqual([request.url, true]);
    expect(await bombard([...answered, ...administrative], SEED + 10_000)).toEqual([]);
  }, 200_000);

  it.each([
    ['sts', 'https://login.microsoftonline.com/%00/oauth2/token', 'grant_type=password', 400, 'AADSTS90023'],
    ['drs', 'https://enterpriseregistration.windows.net/%00/discover?api-version=1.6', undefined, 400, 'InvalidParameter'],
    ['graph', "https://graph.microsoft.com/v1.0/devices?$filter=displayName eq '%00'", undefined, 400, 'is not supported'],
  ])('%s calls a NUL in what it looks for a malformed request', async (service, url, body, status, code) => {
    const authorization = answered.find((request) => request.service === 'graph')?.headers?.authorization ?? '';
    const headers = service === 'graph' ? { authorization } : { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await network.http({
      service,
      operation: 'Nul',
      url: url.replaceAll(' ', '%20'),
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect([answer.status, answer.text()]).toEqual([status, expect.stringContaining(code)]);
  });
});
