export { evaluateRule, type RuleSubject } from './evaluate-rule.js';
export { MembershipRuleError, parseRule, type Rule, ruleSubjectKind, type RuleSubjectKind } from './rule.js';
export { deviceSubject, userSubject } from './subjects.js';
