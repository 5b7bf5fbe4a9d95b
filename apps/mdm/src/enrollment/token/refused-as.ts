import { Fault } from '@greenscreen/host/faults';

/** Turns what enrollment refuses with a fault of its own into another service's one refusal. */
export async function refusedAs<T>(code: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault && error.code.startsWith('mdm.')) throw new Fault(code, {}, { cause: error });
    throw error;
  }
}
