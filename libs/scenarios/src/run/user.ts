import { type UserAtTheDevice } from '@greenscreen/device/oobe';
import { type ControlClient, type RunTenant } from '../cloud/index.js';
import { type Scenario } from '../format/index.js';

/** The run's own Anna, or whoever has the scenario's user name before the `@`: each run has a domain of its own. */
export function upnOf({ device: { user } }: Scenario, { users }: RunTenant): string {
  const name = (user.upn ?? 'anna@').split('@')[0] ?? '';
  return users.find((upn) => upn.startsWith(`${name}@`)) ?? user.upn ?? '';
}

/** Who sits at the device, with a telephone for the second factor, which is the control API. */
export function userOf(scenario: Scenario, tenant: RunTenant, control: ControlClient): UserAtTheDevice {
  const { password_ok: knowsPassword, mfa, continue_without_join: continuesWithoutJoin } = scenario.device.user;
  const upn = upnOf(scenario, tenant);
  return {
    upn,
    password: knowsPassword ? tenant.password : `${tenant.password} or not`,
    secondFactor: mfa === 'ok',
    ...(mfa === 'ok' ? { secondDevice: async () => (await control.secondFactors(upn))[0]?.code ?? '' } : {}),
    continuesWithoutJoin,
  };
}

/** The same name in an organization that has nothing to do with the device (reference 05, 21). */
export const strangerOf = async (scenario: Scenario, control: ControlClient): Promise<UserAtTheDevice> =>
  userOf(scenario, await control.createTenant(), control);
