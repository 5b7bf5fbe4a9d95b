import { beforeAll, describe, expect, it } from '@jest/globals';
import { DeploymentError } from '@greenscreen/device/context';
import { installProviders, setUpAccount, setUpDevice } from '@greenscreen/device/esp';
import { mdm } from '@greenscreen/mdm';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { app, assign, managedPc, type ManagedPc, setPage, settingsOf, SID, TRACKING } from './support.js';

const cloud = useCloud(mdm);
const NOT_DETECTED = '0x87d1041c';

const policies = Array.from({ length: 12 }, (_, index) => ({
  uri: `./Device/Vendor/MSFT/Policy/Config/Area${index % 3}/Setting${index}`,
  value: [index, index % 2 === 0, `text ${index}`][index % 3] ?? 0,
}));

const network = (ssid: string) => ({
  name: ssid,
  profile: {
    kind: 'wifi' as const,
    networkName: ssid,
    ssid,
    security: 'open' as const,
    preSharedKey: null,
    connectAutomatically: true,
    hidden: false,
  },
});
/** For whoever signs in. */
const userPolicies = [1, 2, 3].map((number) => ({ uri: `./User/Vendor/MSFT/Policy/Config/Area/User${number}`, value: number }));

/** Twelve policies that the page waits for, three of the user's, two networks, two SCEP profiles, an MSI and five Win32 apps; the detection of the fourth is as told. */
async function fullPc(detection: 'match' | 'miss'): Promise<ManagedPc> {
  const lab = await newTenant(cloud());
  const win32 = [1, 2, 3, 4, 5].map((number) => app(`w${number}`, { seconds: 20 + number, ...(number === 4 ? { detection } : {}) }));
  await assign(cloud(), lab, {
    policies: [...['Lab 1', 'Lab 2'].map(network), ...policies, ...userPolicies],
    apps: [app('msi', { type: 'lob', seconds: 30 }), ...win32],
  });
  await setPage(cloud(), lab, { expectedPolicies: [...policies, ...userPolicies].map(({ uri }) => uri), certificates: ['Wi-Fi', 'VPN'] });
  const pc = await managedPc(cloud(), lab);
  await installProviders(pc.context, pc.page, pc.management);
  return pc;
}
const texts = (pc: ManagedPc, line: string, category = 'DeviceSetup'): string[] =>
  pc.line(`${category}.${line}Subcategory`).map(({ text }) => text);
const installed = (count: number): string => `${count} of 6 installed`;

describe('a page with 12 policies, 2 networks, 2 SCEP profiles, an MSI and 5 Win32 apps', () => {
  let pc: ManagedPc;

  describe('goes green', () => {
    beforeAll(async () => {
      pc = await fullPc('match');
      await setUpDevice(pc.context, pc.page, pc.management);
    });

    it('05-35 every counter goes up to what is expected, one by one', async () => {
      // EntDMID is expected too, and is there from the provisioning document; the others come while the device is still being prepared.
      const counts = (from: number, to: number, verb: string): string[] => [
        ...Array.from({ length: to - from + 1 }, (_, index) => `${from + index} of ${to} ${verb}`),
        // Then the line is done, which it is only when its category has its turn.
        `${to} of ${to} ${verb}`,
      ];
      expect(texts(pc, 'SecurityPolicies')).toEqual(counts(1, 13, 'applied'));
      expect(texts(pc, 'Certificates')).toEqual(counts(0, 2, 'applied'));
      expect(texts(pc, 'NetworkConnections')).toEqual(counts(0, 2, 'added'));
      for (const line of ['SecurityPolicies', 'Certificates', 'NetworkConnections']) {
        const states = pc.line(`DeviceSetup.${line}Subcategory`).map(({ state }) => state);
        expect(states).toEqual([...states.slice(1).map(() => 'inProgress'), 'succeeded']);
      }
      expect(texts(pc, 'Apps')).toEqual([0, 1, 2, 3, 4, 5, 6].map(installed));
      expect(settingsOf(pc, 'DeviceSetup')).toMatchObject({ categorySucceeded: true, categoryStatusMessage: 'Complete' });
      expect((await pc.record()).state).toBe('provisioned');
    });

    it('05-33 and each thing is on the PC', () => {
      for (const { uri, value } of policies) expect(pc.management.tree.read(uri)).toBe(String(value));
      const tracked = `${TRACKING}/Setup/Apps/Tracking/Sidecar`;
      const states = pc.management.tree.children(tracked).map((name) => pc.management.tree.read(`${tracked}/${name}/InstallationState`));
      expect(states).toEqual(['3', '3', '3', '3', '3']);
      // The MSI was being installed when the agent began: 1618 is tried again five minutes later.
      expect(pc.requests.filter((request) => request === 'content AppContent')).toHaveLength(5);
    });
  });

  describe('goes on with the user', () => {
    it('05-35 whose counter goes up with each of his policies', async () => {
      pc = await fullPc('match');
      await setUpDevice(pc.context, pc.page, pc.management);
      await setUpAccount(pc.context, pc.page, pc.management, { sid: SID });
      expect(texts(pc, 'SecurityPolicies', 'AccountSetup')).toEqual([1, 2, 3, 4].map((count) => `${count} of 4 applied`));
      expect(pc.line('AccountSetup.SecurityPoliciesSubcategory').map(({ state }) => state)).toEqual([
        'inProgress',
        'inProgress',
        'inProgress',
        'succeeded',
      ]);
    });
  });

  describe('goes red when the detection of one app misses', () => {
    let refusal: unknown;
    beforeAll(async () => {
      pc = await fullPc('miss');
      refusal = await setUpDevice(pc.context, pc.page, pc.management).catch((error: unknown) => error);
    });

    it('05-82 with the code of the app in its line, and the page’s own as the result', async () => {
      expect(refusal).toBeInstanceOf(DeploymentError);
      expect(refusal).toMatchObject({ hresult: 0x81036502 });
      expect(texts(pc, 'Apps')).toEqual([...[0, 1, 2, 3, 4].map(installed), `(${NOT_DETECTED})`]);
      expect(settingsOf(pc, 'DeviceSetup')).toMatchObject({
        categorySucceeded: false,
        categoryStatusMessage: 'Failed',
        'DeviceSetup.SecurityPoliciesSubcategory': { subcategoryStatusText: 'Security policies (13 of 13 applied)' },
        'DeviceSetup.AppsSubcategory': { subcategoryState: 'failed', subcategoryStatusText: `Apps (${NOT_DETECTED})` },
      });
      expect((await pc.record()).state).toBe('failed');
    });

    it('05-82 the app after it is not begun', () => {
      const events = pc.events().filter(({ channel }) => channel === 'autopilot');
      expect(events.filter(({ id }) => id === 298)).toHaveLength(1);
      expect(pc.management.tree.read(`${TRACKING}/Setup/Apps/Tracking/Sidecar/Win32App_w5_1/InstallationState`)).toBe('1');
    });
  });
});
