import { type DeviceRequest, type DeviceResponse } from '../context/index.js';

/** One exchange as the device saw it: raw material of the HAR file. */
export interface TrafficEntry {
  readonly startedAt: Date;
  readonly milliseconds: number;
  readonly request: DeviceRequest;
  /** As sent, with what the network added. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Absent when there was no answer. */
  readonly response?: DeviceResponse;
  readonly error?: string;
}
