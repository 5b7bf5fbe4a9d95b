import { toPem } from '@greenscreen/crypto/x509';
import { dispositionNames, failInfoNames, pkiStatuses } from '@greenscreen/wire/scep';
import { STATUS_CODES } from 'node:http';
import { type DeviceResponse, hex } from '../../context/index.js';

/** Part of the Autopilot diagnostics (reference 03, 2.15). */
export const CERTREQ_OUTPUT = 'C:\\ProgramData\\Microsoft\\DiagnosticLogCSP\\CertReq_enrollaik_Output.txt';

/** Stages as the tool prints them. */
export type ScepStage = 'GetCACaps' | 'GetCACertChain' | 'Submit(Request)' | 'Submit(ChallengeAnswer)';

const enrollStatuses = {
  enrolled: 'EnrollStatus(1): Enrolled',
  pending: 'EnrollStatus(2): Pended',
  denied: 'EnrollStatus(256): EnrollDenied',
};

/** What `certreq -enrollaik -config ""` prints (reference 03, 2.15; the layout between the known fragments is inferred). */
export class CertreqLog {
  private readonly lines: string[] = [];

  constructor(
    private readonly machine: string,
    private readonly url: string,
  ) {
    this.lines.push(url, '');
  }

  answered(stage: ScepStage, { status }: Pick<DeviceResponse, 'status'>): void {
    this.lines.push(`${stage}: ${status === 200 ? 'OK' : (STATUS_CODES[status] ?? String(status))}`);
  }

  /** `pkiStatus`, and `failInfo` of a refusal. */
  disposition(pkiStatus: string, failInfo: string | undefined): void {
    this.lines.push(`PkiStatus(${pkiStatus}): ${dispositionNames[pkiStatus] ?? 'unknown'}`);
    if (failInfo !== undefined) this.lines.push(`FailInfo(${failInfo}): ${failInfoNames[failInfo] ?? 'unknown'}`);
    if (pkiStatus === pkiStatuses.pending) this.lines.push(enrollStatuses.pending);
  }

  enrolled(certificate: Buffer): void {
    this.lines.push('', enrollStatuses.enrolled, 'New Certificate:', toPem(certificate));
  }

  failed(stage: ScepStage, hresult: number, response: DeviceResponse | undefined, method: 'GET' | 'POST', milliseconds: number): void {
    const discovering = stage === 'GetCACaps' || stage === 'GetCACertChain';
    this.lines.push(
      '',
      `SCEP Certificate enrollment ${discovering ? 'initialization ' : ''}for WORKGROUP\\${this.machine}$ via ${this.url} failed:`,
      ...(response ? [response.text(), `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`] : []),
      ...headersOf(response),
      `Method: ${method}(${Math.round(milliseconds)}ms)`,
      `Stage: ${stage}`,
      ...(discovering ? [] : [enrollStatuses.denied]),
      `${hex(hresult)} (${hresult | 0})`,
    );
  }

  text(): string {
    return `${this.lines.join('\r\n')}\r\n`;
  }
}

const headersOf = (response: DeviceResponse | undefined): string[] =>
  Object.entries(response?.headers ?? {}).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`);
