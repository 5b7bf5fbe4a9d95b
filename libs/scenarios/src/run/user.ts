import { type UserAtTheDevice } from '@greenscreen/device/oobe';
import { type ControlClient, type RunTenant } from '../cloud/index.js';
import { type Scenario } from '../format/index.js';

/** The run's own Anna, or whoever has the scenario's user name before the `@`: each run has a domain of its own. */
export function userOf({ device: { user } }: Scenario, { users, password }: RunTenant): UserAtTheDevice {
  const name = (user.upn ?? 'anna@').split('@')[0] ?? '';
  return {
    upn: users.find((upn) => upn.startsWith(`${name}@`)) ?? user.upn ?? '',
    password: user.password_ok ? password : `${password} or not`,
    secondFactor: user.mfa === 'ok',
    continuesWithoutJoin: user.continue_without_join,
  };
}

/** The same name in an organization that has nothing to do with the device (reference 05, 21). */
export const strangerOf = async (scenario: Scenario, control: ControlClient): Promise<UserAtTheDevice> =>
  userOf(scenario, await control.createTenant());
