import { CmsError, decodeSignedData } from '@greenscreen/crypto/cms';
import { decodePkiMessage, type PkiMessage } from '@greenscreen/crypto/scep';
import { type Certificate } from '@greenscreen/crypto/x509';
import {
  AIK_SCEP_PATH,
  decodeCapabilities,
  decodeServiceMessage,
  type ScepOperation,
  ScepError,
  scepMediaTypes,
  scepTarget,
  scepUserAgent,
} from '@greenscreen/wire/scep';
import { type DeviceResponse, type DeviceTraits, NetworkError } from '../../context/index.js';
import { type AttestContext } from '../attest-context.js';
import { AttestationError, attestErrors, refused } from '../attestation-error.js';
import { type CertreqLog, type ScepStage } from './certreq-log.js';

type ScepContext = Pick<AttestContext, 'network' | 'random' | 'traits'>;

interface Question {
  readonly stage: ScepStage;
  /** Name in journal and faults (06 D-A53). */
  readonly name: string;
  readonly operation: ScepOperation;
  readonly body?: Buffer;
}

export const scepUrl = (host: string): string => `https://${host}${AIK_SCEP_PATH}`;

/** SCEP with one authority of the AIK service, as Windows speaks it (reference 03, 2.2). Every failure is an AttestationError. */
export class ScepClient {
  constructor(
    private readonly context: ScepContext,
    private readonly host: string,
    private readonly log: CertreqLog,
  ) {}

  /** Keywords of GetCACaps, lower case. */
  async capabilities(): Promise<ReadonlySet<string>> {
    const response = await this.ask({ stage: 'GetCACaps', name: 'GetCACaps', operation: 'GetCACaps' });
    return decodeCapabilities(response.text());
  }

  async chain(): Promise<readonly Certificate[]> {
    const { body } = await this.ask({ stage: 'GetCACertChain', name: 'GetCACertChain', operation: 'GetCACertChain' });
    return readable(() => decodeSignedData(body).certificates);
  }

  /** Sends a message; the answer's signature holds, its signer and transaction are for the caller to judge. */
  async send(stage: 'Submit(Request)' | 'Submit(ChallengeAnswer)', message: Buffer): Promise<PkiMessage> {
    const name = stage === 'Submit(Request)' ? 'PKCSReq' : 'ChallengeAnswer';
    const { body } = await this.ask({ stage, name, operation: 'PKIOperation', body: message });
    return readable(() => decodePkiMessage(body));
  }

  private async ask({ stage, name, operation, body }: Question): Promise<DeviceResponse> {
    const { network, random, traits } = this.context;
    const method = body ? 'POST' : 'GET';
    const start = performance.now();
    const fail = (error: AttestationError, response?: DeviceResponse): AttestationError => {
      this.log.failed(stage, error.hresult, response, method, performance.now() - start);
      return error;
    };
    try {
      const response = await network.http({
        service: 'aik',
        operation: name,
        method,
        url: `https://${this.host}${scepTarget(operation)}`,
        headers: {
          'User-Agent': scepUserAgent(traits.osBuild),
          'Cache-Control': 'no-cache',
          Pragma: 'no-cache',
          'Content-Type': scepMediaTypes.message,
          'x-ms-client-request-id': random.uuid(),
          PlatformType: platformType(traits),
        },
        ...(body ? { body } : {}),
      });
      this.log.answered(stage, response);
      if (response.status !== 200) throw fail(refused(stage, response.status, decodeServiceMessage(response.body)), response);
      return response;
    } catch (error) {
      if (error instanceof NetworkError) throw fail(new AttestationError(error.hresult, error.message, false, { cause: error }));
      throw error;
    }
  }
}

function readable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScepError || error instanceof CmsError)
      throw new AttestationError(attestErrors.unreadable, error.message, false, { cause: error });
    throw error;
  }
}

/** Four characters of vendor id, the firmware version as two decimal numbers (reference 03, 2.2). */
function platformType({ tpm: { vendor, firmware, spec = '2.0' } }: DeviceTraits): string {
  const [major = 0, minor = 0, build = 0, revision = 0] = firmware.split('.').map(Number);
  const version = `${major * 0x10000 + minor}.${build * 0x10000 + revision}`;
  return `TPM-Version:${spec} -Level:0-Revision:1.38-VendorID:'${vendor.padEnd(4)}'-Firmware:${version}`;
}
