import { ScepError } from '@greenscreen/wire/scep';

/** Turns what the decoders below throw into {@link ScepError}. */
export function scepGuard<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScepError) throw error;
    throw new ScepError(`unusable ${what}`, { cause: error });
  }
}
