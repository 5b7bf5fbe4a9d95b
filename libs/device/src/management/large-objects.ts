import { type Command, type Group, statusCode, type TreeCommand } from '@greenscreen/wire/syncml';
import { type Answers } from './execute-commands.js';

/** Puts commands together whose data the server sends in pieces: one value at a time, each piece in a message of its own. */
export class LargeObjects {
  private readonly begun = new Map<string, string>();

  /** The commands that are whole by now. Each piece before the last is answered with 213 and waits. */
  join(commands: readonly Command[], answers: Answers): Command[] {
    return commands.flatMap((command) => (isTreeCommand(command) ? this.joinCommand(command, answers) : [command]));
  }

  private joinCommand(command: TreeCommand, answers: Answers): Command[] {
    const [item, ...others] = command.items;
    const key = `${command.verb} ${item?.target ?? ''}`;
    const before = this.begun.get(key);
    if (!item || others.length > 0 || (before === undefined && !item.moreData)) return [command];
    const data = (before ?? '') + (item.data ?? '');
    this.begun.delete(key);
    if (!item.moreData) return [{ ...command, items: [{ ...item, data }] }];
    this.begun.set(key, data);
    answers.status(command.cmdId, command.verb, statusCode.chunkAccepted);
    return [];
  }
}

const isTreeCommand = (command: Command): command is TreeCommand =>
  !isGroup(command) && command.verb !== 'Status' && command.verb !== 'Results' && command.verb !== 'Alert';
const isGroup = (command: Command): command is Group => command.verb === 'Atomic' || command.verb === 'Sequence';
