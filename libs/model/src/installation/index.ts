import { AuthorityRecord } from './authority-record.entity.js';
import { Checkpoint } from './checkpoint.entity.js';
import { ClockSetting } from './clock-setting.entity.js';
import { JournalEntry } from './journal-entry.entity.js';
import { InstallationSecret } from './secret.entity.js';

export { AuthorityRecord } from './authority-record.entity.js';
export { Checkpoint } from './checkpoint.entity.js';
export { ClockSetting, INSTALLATION } from './clock-setting.entity.js';
export { JournalEntry } from './journal-entry.entity.js';
export { InstallationSecret } from './secret.entity.js';

export const installationEntities = [AuthorityRecord, InstallationSecret, ClockSetting, JournalEntry, Checkpoint];
