import { injectedDefect } from '@greenscreen/host/injection';
import { type DmCommand } from '@greenscreen/model/mdm-session';
import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { type Results, type Status, statusCode, succeeded } from '@greenscreen/wire/syncml';
import { wholeValue } from './pieces.js';
import { type SessionWork } from '../session/session-work.js';

/**
 * Matches the device's statuses and results with what this session delivered. Statuses for the header, for statuses and for what is not
 * known are ignored; so is a second one for the same command (reference 04, 4.2).
 */
export function receiveAnswers(work: SessionWork): void {
  const { commands } = work.message;
  const statuses = commands.filter((command) => command.verb === 'Status').filter(({ cmd, cmdRef }) => cmd !== 'Status' && cmdRef !== '0');
  // Members of an Atomic have statuses of their own; what they leave open takes the group's.
  for (const status of statuses) if (status.cmd !== 'Atomic') receiveStatus(work, status);
  for (const status of statuses) if (status.cmd === 'Atomic') receiveStatus(work, status);
  const pending = work.session.partial;
  for (const command of commands) if (command.verb === 'Results') receiveResults(work, command);
  if (pending && work.session.partial === pending) abandon(work);
}

/** The rest of a value did not come: what there is of it goes (Alert 1225). */
function abandon(work: SessionWork): void {
  work.session.partial = null;
  work.abandoned = true;
}

function receiveStatus({ queue, nodes }: SessionWork, { msgRef, cmdRef, code: reported }: Status): void {
  for (const command of queue.deliveredAs(msgRef, cmdRef)) {
    if (command.state !== 'sent') continue;
    const code = injectedStatus(command) ?? reported;
    if (code === statusCode.chunkAccepted && queue.pieceTaken(command)) continue;
    queue.settle(command, code, isFinal(command, code) ? 'done' : 'waiting');
    if (command.verb === 'Get' && !succeeded('Get', code)) nodes.report({ uri: command.uri, value: null, status: code });
  }
}

/** 405 in user scope: the user's context does not exist yet (reference 04, 4.4; 06 D-B45). Everything else is an answer. */
const isFinal = ({ scope }: DmCommand, code: number): boolean => !(scope === 'user' && code === statusCode.notAllowed);

/** The status that a fault wants the service to see for a node (06 D-B51). */
function injectedStatus({ uri }: DmCommand): number | undefined {
  const defect = injectedDefect('syncml');
  return defect && canonicalUri(defect.uri) === canonicalUri(uri) ? defect.status : undefined;
}

/** An item may lack its meta, or its source when one node was asked for. */
function receiveResults(work: SessionWork, results: Results): void {
  const { queue, nodes, session } = work;
  const { msgRef, cmdRef, meta, items } = results;
  const asked = queue.deliveredAs(msgRef, cmdRef)[0]?.uri;
  for (const item of items) {
    const uri = item.source ?? item.target ?? asked;
    if (uri === undefined) continue;
    const begun = session.partial?.format ?? undefined;
    const value = wholeValue(work, results, uri, item);
    if (value !== undefined) nodes.report({ uri, format: item.meta?.format ?? meta?.format ?? begun, value, status: statusCode.ok });
  }
}
