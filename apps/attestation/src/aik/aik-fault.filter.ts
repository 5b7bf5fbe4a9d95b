import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { decodePkiMessage } from '@greenscreen/crypto/scep';
import { currentExchange } from '@greenscreen/host/exchange';
import { Fault, FaultFilter, faultText } from '@greenscreen/host/faults';
import { type Reply, writeReply } from '@greenscreen/host/reply';
import { pkiStatuses } from '@greenscreen/wire/scep';
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
    if (!(error instanceof Fault) || entry?.pkiStatus === undefined) {
      this.plain.catch(error, host);
      return;
    }
    try {
      const answer = await this.signed(error, entry, entry.pkiStatus);
      const exchange = currentExchange();
      exchange.refusal = error.code;
      exchange.reply = answer;
      writeReply(host.switchToHttp().getResponse<Response>(), answer);
    } catch (cause) {
      // Nobody to answer inside SCEP: the request was no message.
      this.plain.catch(new Fault('attestation.unparsable', {}, { cause }), host);
    }
  }

  private async signed({ detail }: Fault, entry: AikFault, pkiStatus: string): Promise<Reply> {
    const { body, host } = currentExchange();
    const message = decodePkiMessage(body);
    const ra = await registrationAuthority(this.services, await authorityOfHost(this.services.em, host));
    if (pkiStatus === pkiStatuses.pending) return certificateReply(message, ra, this.services.random, { pkiStatus });
    return certificateReply(message, ra, this.services.random, {
      pkiStatus,
      ...(entry.failInfo === undefined ? {} : { failInfo: entry.failInfo }),
      scepError: String(Number(entry.hresult ?? 0) | 0),
      serverMessage: faultText(entry, detail),
    });
  }
}
