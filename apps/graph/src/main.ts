import { runService } from '@greenscreen/host/service';
import { graph } from './index.js';

await runService(graph);
