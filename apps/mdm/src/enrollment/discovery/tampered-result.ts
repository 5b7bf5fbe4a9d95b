import { injectedDefect } from '@greenscreen/host/injection';
import { type DiscoverResult } from '@greenscreen/wire/mde2';

/** Answers that Windows refuses (reference 04, 1.3 and 6.5; 06 D-B64 `tamper`). */
const tampers: Readonly<Record<string, (result: DiscoverResult) => DiscoverResult>> = {
  badAuthPolicy: (result) => ({ ...result, authPolicy: 'Unknown' }),
  badEnrollmentVersion: (result) => ({ ...result, enrollmentVersion: '5' }),
  /** Only Federated may carry the element. */
  emptyAuthServiceUrl: (result) => ({ ...result, authPolicy: 'OnPremise', authenticationServiceUrl: '' }),
};

/** The result, with what an injected fault wants wrong in it. */
export const tampered = (result: DiscoverResult): DiscoverResult => tampers[injectedDefect('tamper') ?? '']?.(result) ?? result;
