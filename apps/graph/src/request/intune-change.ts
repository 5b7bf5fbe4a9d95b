import { type Random } from '@greenscreen/host/random';
import { type DirectoryChange, intuneService } from '@greenscreen/model/directory';

/** What Intune does in the directory by itself, to the registration or import of that id: the ids of the change follow from it. */
export function intuneChange(source: Random, at: Date, id: string): DirectoryChange {
  const random = source.from(`change ${id}`);
  return { random, at, correlationId: random.uuid(), initiatedBy: intuneService };
}
