import { type Check } from '@greenscreen/host/exchange';
import { type AikEnrollment } from './aik-enrollment.js';
import {
  authorityIsTheVendors,
  certificateIsOfTheEk,
  certificateLeadsToAVendor,
  ekIsNotRevoked,
  ekIsOfADefaultTemplate,
  firmwareIsNotVulnerable,
} from './ek-certificate.checks.js';
import { ekInfoIsReadable, envelopeHoldsARequest, requestNamesItsSigner } from './envelope.checks.js';
import { statementHolds } from './statement.checks.js';

/** In the order of reference 03, 2.10; the message itself has been verified before. */
export const enrollmentChecks: readonly Check<AikEnrollment>[] = [
  envelopeHoldsARequest,
  requestNamesItsSigner,
  ekInfoIsReadable,
  certificateIsOfTheEk,
  ekIsOfADefaultTemplate,
  certificateLeadsToAVendor,
  authorityIsTheVendors,
  ekIsNotRevoked,
  firmwareIsNotVulnerable,
  statementHolds,
];
