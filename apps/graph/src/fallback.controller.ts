import { All, Controller, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { graphDialect } from './graph.errors.js';
import { directoryGraphHosts, graphHosts } from './hosts.js';

/** What nothing else takes: refused as Graph refuses an unknown segment. */
@Controller({ host: [...graphHosts, ...directoryGraphHosts] })
@UseFilters(new FaultFilter(graphDialect))
export class FallbackController {
  @All(['/', '*path'])
  @Operation('graph', 'Unknown')
  refuse(): Promise<Reply> {
    const [, , segment = ''] = currentExchange().path.split(/[/?]/);
    return Promise.reject(new Fault('graph.NoSuchSegment', { segment }));
  }
}
