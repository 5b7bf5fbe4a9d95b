import { randomInt, timingSafeEqual } from 'node:crypto';
import { Fault } from '@greenscreen/host/faults';
import { SignInFlow } from '@greenscreen/model/sts';
import { type DirectoryUser, switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type StsServices } from '../sts-services.js';

const DIGITS = 6;
/** After so many wrong codes the sign-in begins anew [our choice]. */
const TRIES = 5;

/** Whether a user has a second factor that a page asks for; the tenant's switch `sts.acceptSecondFactor` takes it as given. */
export const asksForSecondFactor = (tenant: Tenant, user: DirectoryUser): boolean =>
  user.mfaRequired && !switchOf(tenant, 'sts.acceptSecondFactor', false);

/** Refuses what only a second factor gets to somebody who has not given it (AADSTS50076). */
export function requireSecondFactor(tenant: Tenant, user: DirectoryUser, amr: readonly string[], resource: string | undefined): void {
  if (asksForSecondFactor(tenant, user) && !amr.includes('mfa')) throw new Fault('sts.50076', { resource: resource ?? '' });
}

/** Methods of a user who gave a password where nobody can be asked for more: the second factor only where the tenant takes it as given. */
export const passwordMethods = (tenant: Tenant, user: DirectoryUser): string[] =>
  user.mfaRequired && !asksForSecondFactor(tenant, user) ? ['pwd', 'mfa'] : ['pwd'];

/** Sends the code to the second device of a user who has given the password: in a lab, the control API is that device. */
export async function askForSecondFactor(
  { em }: StsServices,
  { hash }: SignInFlow,
  user: DirectoryUser,
  cxhflow: string | undefined,
): Promise<void> {
  const factorCode = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
  await em.update(SignInFlow, { hash }, { userId: user.id, factorCode, factorTries: 0, factorPassedAt: null, cxhflow: cxhflow ?? null });
}

/** What a try came to: `over` when there are no more. */
export type FactorTry = 'passed' | 'wrong' | 'over';

/** Tries a code. Every try counts, however many come at once. */
export async function trySecondFactor({ em, clock }: StsServices, { hash }: SignInFlow, code: string): Promise<FactorTry> {
  const now = await clock.now();
  const tried = await em
    .createQueryBuilder()
    .update(SignInFlow)
    .set({ factorTries: () => 'factor_tries + 1' })
    .where('hash = :hash AND factor_code IS NOT NULL AND factor_tries < :tries', { hash, tries: TRIES })
    .returning(['factorCode', 'factorTries'])
    .execute();
  const [row] = tried.raw as { factor_code: string; factor_tries: number }[];
  if (!row) return 'over';
  if (!isSame(code.trim(), row.factor_code)) return row.factor_tries >= TRIES ? 'over' : 'wrong';
  // Not if the factor was used up in the meantime: it would count again.
  const passed = await em.update(SignInFlow, { hash, factorCode: row.factor_code }, { factorPassedAt: now });
  return passed.affected === 1 ? 'passed' : 'over';
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Uses up a factor that was passed; AADSTS50089 when there is none, or when somebody else has used it. */
export async function takeSecondFactor({ em }: StsServices, { hash }: SignInFlow): Promise<void> {
  const taken = await em
    .createQueryBuilder()
    .update(SignInFlow)
    .set({ userId: null, factorCode: null, factorPassedAt: null })
    .where('hash = :hash AND factor_passed_at IS NOT NULL', { hash })
    .execute();
  if (taken.affected !== 1) throw new Fault('sts.50089');
}
