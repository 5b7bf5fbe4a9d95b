import { type CheckpointName, Timeline } from '@greenscreen/device/context';
import { GatewayNetwork } from '@greenscreen/device/network';
import { GraphSession, importHardwareHash } from '@greenscreen/scenarios/administrator';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { type FlowStep, findScenario } from '@greenscreen/scenarios/format';
import { type RunResult } from '@greenscreen/scenarios/run';
import { encodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { describe, expect, it } from '@jest/globals';
import { newDevice } from '../conformance/graph/support.js';
import { deviations } from './records.support.js';
import { useMortalLab } from './restarts.support.js';

const lab = useMortalLab();
const happy = findScenario('happy-entra-preprovision');

interface Loss {
  readonly service: string;
  /** The beginning of the request, or a part of its body. */
  readonly request: string;
  readonly nth?: number;
}

/** What dies after each checkpoint, once: the work is done, the answer is not out. */
const losses: Readonly<Partial<Record<CheckpointName, Loss>>> = {
  landing: { service: 'attestation', request: 'POST /templates/Aik/scep', nth: 2 }, // the answer to the challenge
  attested: { service: 'drs', request: 'POST /EnrollmentServer/device' },
  mdm_discovered: { service: 'mdm', request: '<wst:RequestSecurityToken' },
  user_signed_in: { service: 'drs', request: 'POST /EnrollmentServer/device' },
  user_joined: { service: 'sts', request: 'tgt=true' }, // of all token requests only that for the primary refresh token
};

/** Whoever sees the failure tries again. */
const flow: readonly FlowStep[] = [
  'register',
  'technician',
  { retry: 'technician' },
  'reseal',
  { wait: 5_700_000 },
  'user',
  { retry: 'user' },
  { retry: 'user' },
];

/** How many requests a run takes is not what these are about. */
const expectation = { ...happy.expect, requests: [] };

/** Status of each such request, `null` without an answer. */
const answers = ({ traffic }: RunResult, wanted: (body: string, operation: string) => boolean): (number | null)[] =>
  traffic
    .filter(({ request }) => wanted(request.body?.toString() ?? '', request.operation))
    .map(({ response }) => response?.status ?? null);

describe('services that die when their work is done and its answer is not out', () => {
  it('let every client try again, and nothing is there twice', async () => {
    const dying = new Map<CheckpointName, Promise<void>>();
    const tenant = { ...happy.tenant, switches: { ...happy.tenant.switches, 'mdm.blockAfterUserlessEnroll': false } };
    const result = await lab().replay({
      scenario: { ...happy, tenant, flow: [...flow], expect: expectation },
      atCheckpoint: async (checkpoint) => {
        const loss = losses[checkpoint];
        if (loss && !dying.has(checkpoint)) dying.set(checkpoint, lab().service(loss.service).dieAfter(loss.request, loss.nth));
      },
    });
    await Promise.all(dying.values());
    expect([...dying.keys()]).toEqual(Object.keys(losses));
    expect(answers(result, (_, operation) => operation === 'ChallengeAnswer')).toEqual([null, 200]);
    expect(answers(result, (_, operation) => operation === 'Join')).toEqual([null, 200, null, 200]);
    expect(answers(result, (_, operation) => operation === 'RST')).toEqual([null, 200]);
    expect(answers(result, (body) => body.includes('tgt=true'))).toEqual([null, 200]);
    expect(result.differences).toEqual([]);
    expect(deviations(result)).toEqual(['AP.nextEnrollmentAllowed at mdm_enrolled: true']); // the switch
  }, 180_000);

  it('leave a device that has enrolled behind its one-time limit, until it is allowed to enroll once more', async () => {
    const died = lab().service('mdm').dieAfter('<wst:RequestSecurityToken');
    const allow: FlowStep = {
      graph: { method: 'POST', path: '/deviceManagement/windowsAutopilotDeviceIdentities/{{AP.id}}/allowNextEnrollment' },
    };
    const result = await lab().replay({
      scenario: { ...happy, flow: ['register', 'technician', allow, { retry: 'technician' }, ...happy.flow.slice(2)], expect: expectation },
    });
    await died;
    // The device's own second attempt meets the limit (reference 06, D-B22).
    expect(answers(result, (_, operation) => operation === 'RST')).toEqual([null, 500, 200]);
    // It is managed before it joins the second time, and the report of a failed deployment stays what it is (06, D-B35).
    expect(deviations(result).filter((line) => !/ at joined: |^EVT\./.test(line))).toEqual([]);
    expect(result.differences.map(({ what }) => what)).toEqual(['EVT.deploymentState']);
  }, 180_000);

  it('have a hash imported: whoever imports it again is told that it is there, and there is one', async () => {
    const { cloud } = lab();
    const control = new ControlClient(cloud.control);
    const network = new GatewayNetwork({ gateway: cloud.gateway, roots: await control.roots(), timeline: new Timeline(() => new Date()) });
    try {
      const { id: tenantId, clientId, clientSecret } = await control.createTenant();
      const http: Parameters<typeof importHardwareHash>[0] = (request) => network.http(request);
      const { serial, hash } = newDevice();
      const csv = encodeAutopilotCsv([{ serialNumber: serial, hardwareHash: hash }]);
      const credentials = { tenantId, clientId, clientSecret };

      const died = lab().service('graph').dieAfter('POST /beta/deviceManagement/importedWindowsAutopilotDeviceIdentities');
      await expect(importHardwareHash(http, { ...credentials, csv })).rejects.toThrow();
      await died;

      const { imported, failed } = await importHardwareHash(http, { ...credentials, csv });
      expect(imported).toEqual([]);
      expect(failed).toEqual([expect.objectContaining({ errorCode: 806, errorName: 'ZtdDeviceAlreadyAssigned' })]);
      const graph = await GraphSession.open(http, credentials);
      const { value } = await graph.call({
        operation: 'ListIdentities',
        method: 'GET',
        path: '/beta/deviceManagement/windowsAutopilotDeviceIdentities',
      });
      expect(value).toEqual([expect.objectContaining({ serialNumber: serial, enrollmentState: 'notContacted' })]);
    } finally {
      await network.close();
      await control.close();
    }
  }, 60_000);
});
