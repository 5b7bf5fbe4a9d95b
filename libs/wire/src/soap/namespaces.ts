/** Namespaces of the enrollment protocols (MS-MDE2 2.2.1, MS-XCEP 2.2.1, MS-WSTEP 2.2.1). */
export const ns = {
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  soap11: 'http://schemas.xmlsoap.org/soap/envelope/',
  addressing: 'http://www.w3.org/2005/08/addressing',
  diagnostics: 'http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics',
  /** `wsse` in requests, `o` in answers. */
  security: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  trust: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
  authorization: 'http://schemas.xmlsoap.org/ws/2006/12/authorization',
  /** MS-MDE2 discovery. Windows compares it exactly. */
  discovery: 'http://schemas.microsoft.com/windows/management/2012/01/enrollment',
  /** MS-XCEP. */
  policy: 'http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy',
  /** MS-WSTEP. */
  enrollment: 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xsd: 'http://www.w3.org/2001/XMLSchema',
} as const;

/** Both directions (reference 04, 0.2 rule 2). */
export const SOAP_TYPE = 'application/soap+xml; charset=utf-8';

/** `EncodingType` of every BinarySecurityToken. */
export const BASE64_BINARY = `${ns.security}#base64binary`;
