import { prepareForReseal } from '../esp/index.js';
import { type Installation, required } from './installation.js';

/** The technician's *Reseal*: the ESP's traces go, so that device setup is shown again to the user; then the PC shuts down (reference 05, T22). */
export async function reseal(installation: Installation): Promise<void> {
  const { context, checkpoint } = installation;
  prepareForReseal(context, required(installation.management, 'management'));
  installation.mode = 'whiteGloveResealed';
  delete installation.page;
  context.timeline.note({ kind: 'local', what: 'Resealed and shut down' });
  await checkpoint('resealed');
}
