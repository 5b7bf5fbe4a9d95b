import { type SessionWork } from '../session/session-work.js';

/** The device's own part of what is assigned, and its signed-in user's. */
export type Part = 'device' | 'user';

export const policyKey = (part: Part, id: string): string => `policy:${part}:${id}`;
export const complianceKey = (id: string): string => `compliance:${id}`;
export const appKey = (id: string): string => `app:${id}`;

/** Whether a device was sent something in a version. What is delivered stays there: nothing takes it back when it no longer applies. */
export const isDelivered = ({ progress }: SessionWork, key: string, version: number): boolean => progress.delivered[key] === version;

export function markDelivered({ progress }: SessionWork, key: string, version: number): void {
  if (progress.delivered[key] !== version) progress.delivered = { ...progress.delivered, [key]: version };
}
