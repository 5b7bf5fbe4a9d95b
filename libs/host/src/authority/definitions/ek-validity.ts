/** EK certificates end with 2049, as Intel's do, and no authority before them. */
export const EK_END = new Date(Date.UTC(2049, 11, 31, 23, 59, 59));
const BACKDATED_YEARS = 5;

/** Vendors' authorities are older than the lab, whose clock may be set back [our choice]. */
export const ekBeginning = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear() - BACKDATED_YEARS, 0, 1));
