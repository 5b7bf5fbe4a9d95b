import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { decodePkiMessage } from '@greenscreen/crypto/scep';
import { currentExchange } from '@greenscreen/host/exchange';
import { Fault, FaultFilter, faultText } from '@greenscreen/host/faults';
import { type Reply, writeReply } from '@greenscreen/host/reply';
import { switchOf, Tenant } from '@greenscreen/model/tenancy';
import { failInfos, pkiStatuses, ScepError } from '@greenscreen/wire/scep';
import { type Response } from 'express';
import { type AikFault, aikDialect, aikFaults } from '../attestation.errors.js';
import { AttestationServices } from '../attestation-services.js';
import { authorityOfHost } from './authority-of-host.js';
import { certificateReply } from './certificate-reply.js';
import { registrationAuthority } from './registration-authority.js';

/** Writes refusals of the AIK service: most as JSON, some inside SCEP, as a signed message to whoever asked (reference 03, 2.11). */
@Injectable()
@Catch()
export class AikFaultFilter implements ExceptionFilter {
  private readonly plain = new FaultFilter(aikDialect);

  constructor(private readonly services: AttestationServices) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const entry = error instanceof Fault ? aikFaults[error.code] : undefined;
    try {
      const pkiStatus = entry && (entry.pkiStatus ?? (await this.wantedStatus(entry)));
      if (!(error instanceof Fault) || !entry || pkiStatus === undefined) {
        this.plain.catch(error, host);
        return;
      }
      const answer = await this.signed(error, entry, pkiStatus);
      const exchange = currentExchange();
      exchange.refusal = error.code;
      exchange.reply = answer;
      writeReply(host.switchToHttp().getResponse<Response>(), answer);
    } catch (cause) {
      // Nobody to answer inside SCEP: the request was no message, or for no authority.
      const noMessage = cause instanceof ScepError ? new Fault('attestation.unparsable', {}, { cause }) : cause;
      this.plain.catch(noMessage, host);
    }
  }

  /** Refusals of requests that can be told either way, as the tenant of the device has it: `attestation.failureForm`. */
  private async wantedStatus({ status }: AikFault): Promise<string | undefined> {
    const { tenantId } = currentExchange();
    if (status !== 400 || tenantId === undefined) return undefined;
    const tenant = (await this.services.em.findOneBy(Tenant, { id: tenantId })) ?? undefined;
    return switchOf<string>(tenant, 'attestation.failureForm', 'http') === 'scep' ? pkiStatuses.failure : undefined;
  }

  private async signed({ detail }: Fault, entry: AikFault, pkiStatus: string): Promise<Reply> {
    const { body, host } = currentExchange();
    const message = decodePkiMessage(body);
    const ra = await registrationAuthority(this.services, await authorityOfHost(this.services.em, host));
    if (pkiStatus === pkiStatuses.pending) return certificateReply(message, ra, this.services.random, { pkiStatus });
    return certificateReply(message, ra, this.services.random, {
      pkiStatus,
      failInfo: entry.failInfo ?? failInfos.badRequest,
      scepError: String(Number(entry.hresult ?? 0) | 0),
      serverMessage: faultText(entry, detail),
    });
  }
}
