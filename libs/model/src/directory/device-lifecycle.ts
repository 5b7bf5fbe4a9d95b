import { type EntraDeviceState } from './entra-device.entity.js';

/** What may happen to a device object (reference 02, 15.2). Enabling and disabling are apart: they move `disabledBy`, not the state. */
export type DeviceEvent =
  /** A hash import, or the DRS precreate endpoint. */
  | 'precreate'
  /** A computer object arrives from the synchronised directory, for a hybrid join. */
  | 'synchronize'
  | 'userlessJoin'
  | 'userJoin'
  | 'hybridJoin'
  /** An administrator's delete, or the device's own of an object without `[ZTDID]`. */
  | 'delete'
  /** The Autopilot registration is deleted. */
  | 'unregister'
  /** The device's own delete of an Autopilot object, under `drs.deleteAutopilotDevice=clear`. */
  | 'clear';

type Transitions = Readonly<Record<EntraDeviceState | 'none', Readonly<Partial<Record<DeviceEvent, EntraDeviceState>>>>>;

/**
 * State × event → state (reference 02, 15.2; 06 D-A28, D-A40, D-A44). A userless join leaves a joined object in its state: re-deployment
 * without cleanup has to get through. What is missing cannot happen.
 */
const transitions: Transitions = {
  none: { precreate: 'precreated', synchronize: 'precreated', userJoin: 'joined_user' },
  precreated: {
    userlessJoin: 'joined_device',
    userJoin: 'joined_user',
    hybridJoin: 'joined_device',
    delete: 'deleted',
    unregister: 'deleted',
    clear: 'precreated',
  },
  joined_device: {
    userlessJoin: 'joined_device',
    userJoin: 'joined_user',
    hybridJoin: 'joined_device',
    delete: 'deleted',
    unregister: 'joined_device',
    clear: 'precreated',
  },
  joined_user: {
    userlessJoin: 'joined_user',
    userJoin: 'joined_user',
    hybridJoin: 'joined_user',
    delete: 'deleted',
    unregister: 'joined_user',
    clear: 'precreated',
  },
  deleted: {},
};

/** The state after an event; undefined when that event cannot happen in this state. `none`: there is no object yet. */
export function nextDeviceState(state: EntraDeviceState | 'none', event: DeviceEvent): EntraDeviceState | undefined {
  return transitions[state][event];
}

/** The state after an event that the caller knows to be possible; throws otherwise. */
export function requireDeviceState(state: EntraDeviceState | 'none', event: DeviceEvent): EntraDeviceState {
  const next = nextDeviceState(state, event);
  if (!next) throw new Error(`A device object in state "${state}" has no event "${event}"`);
  return next;
}
