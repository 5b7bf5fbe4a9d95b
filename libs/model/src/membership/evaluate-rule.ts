import { type Rule, type RuleOperator, type RuleValue } from './rule.js';

/** What a rule looks at: properties by their lower-case names. */
export type RuleSubject = Readonly<Record<string, RuleValue | readonly string[] | undefined>>;

const normal = (value: RuleValue): RuleValue => (typeof value === 'string' ? value.toLowerCase() : value);

function compareText(operator: 'startswith' | 'endswith' | 'contains' | 'match', actual: RuleValue, wanted: RuleValue): boolean {
  if (typeof actual !== 'string' || typeof wanted !== 'string') return false;
  switch (operator) {
    case 'startswith':
      return actual.startsWith(wanted);
    case 'endswith':
      return actual.endsWith(wanted);
    case 'contains':
      return actual.includes(wanted);
    case 'match':
      return matches(actual, wanted);
  }
}

/** A pattern that is no regular expression matches nothing. */
function matches(actual: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'i').test(actual);
  } catch {
    return false;
  }
}

function compareOrder(operator: 'lt' | 'le' | 'gt' | 'ge', actual: RuleValue, wanted: RuleValue): boolean {
  if (actual === null || wanted === null) return false;
  switch (operator) {
    case 'lt':
      return actual < wanted;
    case 'le':
      return actual <= wanted;
    case 'gt':
      return actual > wanted;
    case 'ge':
      return actual >= wanted;
  }
}

/** Text compares without regard to case (reference 01, 7.1). */
function holds(operator: RuleOperator, actual: RuleValue, wanted: RuleValue): boolean {
  const [a, b] = [normal(actual), normal(wanted)];
  if (operator === 'eq' || operator === 'in') return a === b;
  if (operator === 'lt' || operator === 'le' || operator === 'gt' || operator === 'ge') return compareOrder(operator, a, b);
  return compareText(operator, a, b);
}

/** Whether a subject is a member. A property that it lacks is null; a list holds when one of its members does. */
export function evaluateRule(rule: Rule, subject: RuleSubject): boolean {
  switch (rule.kind) {
    case 'and':
      return evaluateRule(rule.left, subject) && evaluateRule(rule.right, subject);
    case 'or':
      return evaluateRule(rule.left, subject) || evaluateRule(rule.right, subject);
    case 'not':
      return !evaluateRule(rule.rule, subject);
    case 'any':
      return valuesOf(subject, rule.property).some((member) => evaluateRule(rule.rule, { _: member }));
    case 'all':
      return valuesOf(subject, rule.property).every((member) => evaluateRule(rule.rule, { _: member }));
    case 'compare':
      return valuesOf(subject, rule.property).some((actual) => rule.values.some((wanted) => holds(rule.operator, actual, wanted)));
  }
}

function valuesOf(subject: RuleSubject, property: string): readonly RuleValue[] {
  const value = subject[property];
  if (typeof value === 'object' && value !== null) return value;
  return [value ?? null];
}
