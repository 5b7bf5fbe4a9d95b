import { isNetworkFault, type Scenario } from '../format/index.js';

/**
 * Whether a scenario has to run while nobody else does: a handshake does not say whose it is, so its faults are for whoever connects
 * (reference 06, D-B66).
 */
export const needsCloudAlone = ({ faults }: Pick<Scenario, 'faults'>): boolean =>
  faults.some((fault) => !isNetworkFault(fault) && (fault.action.tls !== undefined || fault.action.connection === 'refuse'));
