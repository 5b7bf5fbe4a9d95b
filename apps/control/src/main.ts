import { runService } from '@greenscreen/host/service';
import { control } from './index.js';

await runService(control);
