import {
  type Command,
  type Group,
  type Item,
  type Results,
  type Status,
  statusCode,
  succeeded,
  type TreeCommand,
} from '@greenscreen/wire/syncml';
import { type CspTree, type NodeValue } from '../csp/index.js';

/** Answers to one message's commands, numbered as they are added. */
export class Answers {
  readonly commands: (Status | Results)[] = [];

  constructor(private readonly msgRef: string) {}

  status(cmdRef: string, cmd: string, code: number): void {
    const { msgRef } = this;
    this.commands.push({ verb: 'Status', cmdId: this.next(), msgRef, cmdRef, cmd, targetRefs: [], sourceRefs: [], code, items: [] });
  }

  results(cmdRef: string, item: Item): void {
    this.commands.push({ verb: 'Results', cmdId: this.next(), msgRef: this.msgRef, cmdRef, items: [item] });
  }

  private next(): string {
    return String(this.commands.length + 1);
  }
}

/** Does what a server's message says, and answers each command (reference 04, 4.2 and 4.4). Statuses and alerts need no doing. */
export function executeCommands(tree: CspTree, commands: readonly Command[], answers: Answers): void {
  for (const command of commands) {
    if (command.verb === 'Status' || command.verb === 'Results' || command.verb === 'Alert') continue;
    if (isGroup(command)) executeGroup(tree, command, answers);
    else {
      const { code, read } = execute(tree, command);
      answers.status(command.cmdId, command.verb, code);
      for (const item of read) answers.results(command.cmdId, item);
    }
  }
}

const isGroup = (command: TreeCommand | Group): command is Group => command.verb === 'Atomic' || command.verb === 'Sequence';

function executeGroup(tree: CspTree, group: Group, answers: Answers): void {
  if (group.verb === 'Sequence') {
    answers.status(group.cmdId, group.verb, statusCode.ok);
    executeCommands(tree, group.commands, answers);
    return;
  }
  tree.atomically((undo) => executeAtomic(tree, group, answers, undo));
}

/** All or nothing: what had been done is undone and says 216, what follows the failure is not done and says 215 (MS-MDM). */
function executeAtomic(tree: CspTree, group: Group, answers: Answers, undo: () => void): void {
  const members = group.commands.filter((command): command is TreeCommand => !isGroup(command));
  // Get in an Atomic, and an Atomic in an Atomic, are not supported.
  if (members.length !== group.commands.length || members.some(({ verb }) => verb === 'Get')) {
    answers.status(group.cmdId, group.verb, statusCode.atomicFailed);
    for (const { cmdId, verb } of group.commands) answers.status(cmdId, verb, statusCode.notExecuted);
    return;
  }
  const codes: number[] = [];
  for (const member of members) {
    const { code } = execute(tree, member);
    codes.push(code);
    if (!succeeded(member.verb, code)) break;
  }
  const failure = codes.findIndex((code, index) => !succeeded(members[index]?.verb ?? '', code));
  if (failure >= 0) undo();
  answers.status(group.cmdId, group.verb, failure < 0 ? statusCode.ok : statusCode.atomicFailed);
  for (const [index, { cmdId, verb }] of members.entries()) {
    const done = codes[index] ?? statusCode.notExecuted;
    answers.status(cmdId, verb, failure >= 0 && index < failure ? statusCode.rolledBack : done);
  }
}

/** What became of a command, and what a Get found. */
interface Outcome {
  readonly code: number;
  readonly read: readonly Item[];
}

/** One command; several items are done in turn, and the first that fails is its status. */
function execute(tree: CspTree, command: TreeCommand): Outcome {
  const outcomes = command.items.map((item) => executeItem(tree, command, item));
  const failure = outcomes.find(({ code }) => !succeeded(command.verb, code));
  return { code: (failure ?? outcomes.at(-1))?.code ?? statusCode.ok, read: outcomes.flatMap(({ read }) => read) };
}

function executeItem(tree: CspTree, command: TreeCommand, item: Item): Outcome {
  const uri = item.target;
  if (uri === undefined) return { code: statusCode.badRequest, read: [] };
  if (command.verb === 'Get') return read(tree, uri);
  const value: NodeValue = { format: item.meta?.format ?? command.meta?.format ?? 'chr', data: item.data ?? '' };
  return { code: change(tree, command.verb, uri, value), read: [] };
}

function change(tree: CspTree, verb: Exclude<TreeCommand['verb'], 'Get'>, uri: string, value: NodeValue): number {
  switch (verb) {
    case 'Add':
    case 'Replace':
      return tree.write(verb, uri, value);
    case 'Delete':
      return tree.delete(uri);
    case 'Exec':
      return tree.exec(uri, value);
  }
}

function read(tree: CspTree, uri: string): Outcome {
  const { code, value } = tree.get(uri);
  return { code, read: value ? [{ source: uri, meta: { format: value.format }, data: value.data }] : [] };
}
