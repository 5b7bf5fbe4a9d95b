import { runService } from '@greenscreen/host/service';
import { drs } from './index.js';

await runService(drs);
