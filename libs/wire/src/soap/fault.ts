import { childOf, childText, descendantsOf, parseXml, type XmlElement, XmlError, xml } from '../xml/index.js';
import { encodeSoapAnswer } from './envelope.js';
import { ns } from './namespaces.js';

/** A refusal of the enrollment services (reference 04, 3.7). */
export interface EnrollmentFault {
  /** Response action of the operation that was called (06 D-B8). */
  readonly action: string;
  readonly relatesTo?: string | undefined;
  /** Subcode with its prefix: `s:Authorization`, `a:InvalidSecurity`. */
  readonly subcode: string;
  /** Public text, in Reason and in Message. */
  readonly text: string;
  readonly errorType: string;
  readonly traceId: string;
}

/** A fault in the casing that Windows can read: PascalCase, `Detail` always there. */
export function encodeEnrollmentFault({ action, relatesTo, subcode, text, errorType, traceId }: EnrollmentFault): Buffer {
  const body = xml`<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${text}</s:Text></s:Reason><s:Detail><DeviceEnrollmentServiceError xmlns="${ns.enrollment}"><ErrorType>${errorType}</ErrorType><Message>${text}</Message><TraceId>${traceId}</TraceId></DeviceEnrollmentServiceError></s:Detail></s:Fault>`;
  return encodeSoapAnswer({ action, relatesTo, activityId: traceId, body }).toBuffer();
}

/**
 * The same in the lower case of the sample in MS-MDE2 2.2.10, as Fleet writes it. Windows finds no fault in it (reference 04, 3.7 and
 * section 8).
 */
export function encodeLowerCasedFault({ action, relatesTo, subcode, text, errorType, traceId }: EnrollmentFault): Buffer {
  const body = xml`<s:fault><s:code><s:value>s:receiver</s:value><s:subcode><s:value>${subcode}</s:value></s:subcode></s:code><s:reason><s:text xml:lang="en-us">${text}</s:text></s:reason><s:detail><deviceenrollmentserviceerror xmlns="${ns.enrollment}"><errortype>${errorType}</errortype><message>${text}</message><traceid>${traceId}</traceid></deviceenrollmentserviceerror></s:detail></s:fault>`;
  return encodeSoapAnswer({ action, relatesTo, activityId: traceId, body }).toBuffer();
}

/** What Windows takes from a fault, each '' when missing. */
export interface ReceivedFault {
  readonly errorType: string;
  readonly subcode: string;
  readonly reason: string;
  readonly message: string;
  readonly traceId: string;
}

/**
 * A fault as Windows looks for it: `//s:Fault` in SOAP 1.2, names compared exactly, so that the lower-cased sample of MS-MDE2 2.2.10 is
 * none (reference 04, 3.7 [win-static]). Undefined when the body has none or is not XML.
 */
export function decodeEnrollmentFault(body: Uint8Array): ReceivedFault | undefined {
  const root = tryParse(body);
  const fault = root && descendantsOf(root, ns.soap12, 'Fault')[0];
  if (!fault) return undefined;
  const detail = first(fault, ns.soap12, 'Detail');
  const error = detail && first(detail, ns.enrollment, 'DeviceEnrollmentServiceError');
  const code = first(fault, ns.soap12, 'Code');
  const subcode = code && first(code, ns.soap12, 'Subcode');
  const reason = first(fault, ns.soap12, 'Reason');
  const member = (name: string): string => (error && first(error, ns.enrollment, name)?.text.trim()) ?? '';
  return {
    errorType: member('ErrorType'),
    subcode: (subcode && childText(subcode, ns.soap12, 'Value')) ?? '',
    reason: (reason && childOf(reason, ns.soap12, 'Text')?.text.trim()) ?? '',
    message: member('Message'),
    traceId: member('TraceId'),
  };
}

const first = (element: XmlElement, namespace: string, name: string): XmlElement | undefined => descendantsOf(element, namespace, name)[0];

function tryParse(body: Uint8Array): XmlElement | undefined {
  try {
    return parseXml(body);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}
