import { type Validity } from '@greenscreen/crypto/aik-certificate';

/** Authorities are valid from a year before they are made: a lab's clock may be set back [our choice]. */
const BACKDATED_YEARS = 1;

/** `years` from then on; beginning and end at midnight. */
export function validFor(years: number, now: Date): Validity {
  const start = now.getUTCFullYear() - BACKDATED_YEARS;
  const day = (year: number): Date => new Date(Date.UTC(year, now.getUTCMonth(), now.getUTCDate()));
  return { notBefore: day(start), notAfter: day(start + years) };
}
