import { runService } from '@greenscreen/host/service';
import { attestation } from './index.js';

await runService(attestation);
