import { runService } from '@greenscreen/host/service';
import { ztd } from './index.js';

await runService(ztd);
