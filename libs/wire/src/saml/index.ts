export { decodeSamlAssertion, SAML_ID, type SamlAssertion, SamlFormatError } from './assertion.codec.js';
