import { runService } from '@greenscreen/host/service';
import { mdm } from './index.js';

await runService(mdm);
