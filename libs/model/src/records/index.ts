export { changeRecord, RecordChangeError, type RecordOwner } from './change-record.js';
