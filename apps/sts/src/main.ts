import { runService } from '@greenscreen/host/service';
import { sts } from './index.js';

await runService(sts);
