export * from './authorities.js';
export { AIK_POLICY_NOTICE, type AikCertificateRequest, issueAikCertificate } from './issue.js';
