import { type DmCommand } from '@greenscreen/model/mdm-session';
import { type Meta, type TreeCommand } from '@greenscreen/wire/syncml';

/** One item each; an Add carries its format only, as Intune's do (reference 04, 7). */
export function treeCommand({ verb, uri, format, data }: Pick<DmCommand, 'verb' | 'uri' | 'format' | 'data'>, cmdId: number): TreeCommand {
  const meta: Meta | undefined = format === null ? undefined : { format, ...(verb === 'Add' ? {} : { type: 'text/plain' }) };
  const item = { target: uri, ...(meta ? { meta } : {}), ...(data === null ? {} : { data }) };
  return { verb, cmdId: String(cmdId), items: [item] };
}
