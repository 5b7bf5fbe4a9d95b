import { parseProfileDocument } from './autopilot-profile.codec.js';
import { type ProfileDocument } from './autopilot-profile.js';

/** A refusal of the profile service. */
export interface ServiceError {
  /** DDS error code, e.g. 807. */
  readonly code: number;
  /** `ZtdDeviceIsNotRegistered` */
  readonly reason: string;
}

/**
 * The two shapes in which refusals are known (reference 01, 5.5). `A`: an object that answers with HTTP 200 and is saved as the profile file.
 * `Bobj` and `Bstr`: a `Message` that is an object, or a string of JSON, with an HTTP error.
 */
export const errorShapes = ['A', 'Bobj', 'Bstr'] as const;
export type ErrorShape = (typeof errorShapes)[number];

/** The body of a refusal. `correlationId` is only in shape A. */
export function encodeServiceError({ code, reason }: ServiceError, shape: ErrorShape, correlationId: string): ProfileDocument {
  if (shape === 'A') return { ErrorCode: code, ErrorReason: reason, AutopilotServiceCorrelationId: correlationId };
  const message = { ErrorMessage: reason, ErrorCodeNumber: code };
  return { Message: shape === 'Bobj' ? message : JSON.stringify(message) };
}

/**
 * The refusal in a body of shape B, `Message` being an object or a string; both inner members are mandatory. Undefined for anything else
 * (reference 01, 5.5 [client]).
 */
export function decodeServiceError(body: Buffer): ServiceError | undefined {
  const message = parseProfileDocument(body)?.Message;
  const inner = typeof message === 'string' ? parseProfileDocument(message) : message;
  if (typeof inner !== 'object' || inner === null || !('ErrorMessage' in inner) || !('ErrorCodeNumber' in inner)) return undefined;
  const { ErrorMessage: reason, ErrorCodeNumber: code } = inner;
  return typeof reason === 'string' && typeof code === 'number' ? { code, reason } : undefined;
}

/** The refusal in an answer of shape A. */
export function errorOfDocument({ ErrorCode: code, ErrorReason: reason }: ProfileDocument): ServiceError | undefined {
  return typeof code === 'number' ? { code, reason: typeof reason === 'string' ? reason : '' } : undefined;
}

/** HRESULT of a service error: `0x81038000 | code` (reference 01, 5.5 [client]). */
export const hresultOfServiceError = (code: number): number => (0x81038000 | code) >>> 0;
