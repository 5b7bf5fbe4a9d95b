import { type Exchange, findExchange } from '@greenscreen/host/exchange';
import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type AnswerShape, answerShapes } from '../settings.js';

/** How a tenant wants its answers (reference 01, section 9; 06, D-A69). */
export interface AnswerStyle {
  /** Switch `ztd.errorShape`. */
  readonly errorShape?: AnswerShape;
  /** Switch `ztd.dateSkewSec`: seconds by which `Date` is wrong. */
  readonly dateSkewSec: number;
  /** Switch `ztd.omitMsCv`. */
  readonly omitMsCv: boolean;
}

const plain: AnswerStyle = { dateSkewSec: 0, omitMsCv: false };
const styles = new WeakMap<Exchange, AnswerStyle>();

/** From here on this request is answered in the tenant's style, whether it is granted or refused. */
export function answerAs(exchange: Exchange, tenant: Tenant): void {
  const wanted = switchOf<string>(tenant, 'ztd.errorShape', '');
  const errorShape = answerShapes.find((shape) => shape === wanted);
  styles.set(exchange, {
    ...(errorShape ? { errorShape } : {}),
    dateSkewSec: switchOf(tenant, 'ztd.dateSkewSec', 0),
    omitMsCv: switchOf(tenant, 'ztd.omitMsCv', false),
  });
}

/** The style of the request in hand; that of nobody while its tenant is not known. */
export function answerStyle(): AnswerStyle {
  const exchange = findExchange();
  return (exchange && styles.get(exchange)) ?? plain;
}
