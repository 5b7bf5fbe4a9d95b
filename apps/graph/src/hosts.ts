import { type HostRule } from '@greenscreen/host/service';

export const graphHosts = ['graph.microsoft.com'];
/** The older directory graph: a few calls of older clients (reference 02, 15.1). */
export const directoryGraphHosts = ['graph.windows.net'];

export const hostRules: HostRule[] = [...graphHosts, ...directoryGraphHosts].map((pattern) => ({ pattern }));
