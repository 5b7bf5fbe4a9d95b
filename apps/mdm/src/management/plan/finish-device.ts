import { dmBatch } from '@greenscreen/model/mdm-session';
import { firstSync } from '@greenscreen/wire/dm-tree';
import { type SessionWork } from '../session/session-work.js';
import { agentIsReady, deviceHasEverything, passIsOpen } from './phase.js';

/** ServerHasFinishedProvisioning, the last write of a pass: once, and only when the device says that it is not set (06 D-B44). */
export async function finishDevice(work: SessionWork): Promise<void> {
  const { queue, nodes } = work;
  const uri = firstSync('ServerHasFinishedProvisioning');
  if (!passIsOpen(work) || !deviceHasEverything(work) || !(await agentIsReady(work))) return;
  const answered = queue.inThisSession((command) => command.verb === 'Get' && command.uri === uri && command.state === 'done');
  const written = queue.inThisSession(({ purpose, scope }) => purpose === 'finish' && scope === 'device');
  if (answered.length === 0 || written.length > 0 || (await nodes.value(uri))?.toLowerCase() === 'true') return;
  queue.add({
    verb: 'Replace',
    uri,
    format: 'bool',
    data: 'true',
    pass: work.progress.devicePasses,
    purpose: 'finish',
    batch: dmBatch.finish,
  });
}
