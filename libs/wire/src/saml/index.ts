export { decodeSamlAssertion, SAML_ID, SAML_NAMESPACE, type SamlAssertion, SamlFormatError } from './assertion.codec.js';
