import { beforeAll, describe, expect, it } from '@jest/globals';
import { readDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, type Members } from '../sts/support.js';
import { hybridBody, type Proof, putHybrid, type SynchronizedComputer, synchronizedComputer } from './hybrid-join.support.js';
import { certificateOf, entra, findDevice, joinedByUser, keyBlob } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

describe('hybrid join', () => {
  interface Request extends Proof {
    readonly deviceId?: string;
    readonly body?: Members;
  }

  const put = async (computer: SynchronizedComputer, { deviceId = computer.device.deviceId, body = {}, ...proof }: Request = {}) =>
    putHybrid(cloud(), deviceId, { ...(await hybridBody(lab, computer, proof)), ...body });

  it('02 13.1 a synchronised computer takes its object with its own key', async () => {
    const computer = await synchronizedComputer(cloud(), lab);
    const answer = await put(computer);
    expect(answer.status).toBe(200);
    expect(readDeviceCertificate(certificateOf(answer))).toMatchObject({
      deviceId: computer.device.deviceId,
      userObjectId: computer.device.deviceId,
      joined: true,
    });
    expect(members(answer)).not.toHaveProperty('User');
    expect(await findDevice(cloud(), computer.device.deviceId)).toMatchObject({
      state: 'joined_device',
      trustType: 'ServerAd',
      displayName: 'PC1.corp.example',
      transportKey: keyBlob(computer.keys.transport),
    });
  });

  it('02 13.1 what does not fit is refused, and the object waits on', async () => {
    const computer = await synchronizedComputer(cloud(), lab);
    const other = await synchronizedComputer(cloud(), lab);
    const ordinary = await joinedByUser(cloud(), lab);
    const cases: [what: string, request: Request, message: string | RegExp][] = [
      ['an unknown object', { deviceId: lab.user.id }, `The device object by the given id (${lab.user.id}) is not found.`],
      ['no GUID', { deviceId: 'pc1' }, 'The device object by the given id (pc1) is not found.'],
      ['an object that was not synchronised', { deviceId: ordinary.device.deviceId }, /is not found/],
      ['another SID', { sid: 'S-1-5-21-1-2-3-9' }, /client identity/],
      ['an old proof', { at: new Date(Date.now() - 6 * 60_000) }, /client identity/],
      ['another key', { signer: other.own }, /client identity/],
      ['another join type', { body: { JoinType: 0 } }, /JoinType/],
      [
        'no proof at all',
        {
          body: {
            ServerAdJoinData: undefined,
            TransportKey: keyBlob(computer.keys.transport),
            TargetDomain: 'x',
            DeviceType: 'Windows',
            DeviceDisplayName: 'x',
          },
        },
        /ServerAdJoinData/,
      ],
    ];
    for (const [what, request, message] of cases) {
      const refused = await put(computer, request);
      expect([what, refused.status]).toEqual([what, 400]);
      expect(members(refused).Message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
    }
    expect((await findDevice(cloud(), computer.device.deviceId)).state).toBe('precreated');
    expect((await put(computer)).status).toBe(200);
  });
});
