import {
  AMD_EK_HOST,
  amdEkPath,
  decodeIntelAnswer,
  decodeQualcommAnswer,
  EkServiceError,
  encodeQualcommRequest,
  INTEL_EK_HOST,
  intelEkPath,
  QUALCOMM_EK_HOST,
  QUALCOMM_EK_PATH,
} from '@greenscreen/wire/ek-services';
import { tpm2b } from '@greenscreen/wire/tpm';
import { type DeviceRequest, type DeviceTraits, hresultOfStatus, NetworkError } from '../../context/index.js';
import { type TpmKey } from '../../tpm/index.js';
import { type AttestContext } from '../attest-context.js';

/** What came of asking a vendor's service for an EK certificate. */
export type EkAnswer =
  | { readonly kind: 'certificate'; readonly der: Buffer }
  /** The service does not know this EK, or says nothing that can be understood. */
  | { readonly kind: 'unknown' }
  /** A success without a certificate. */
  | { readonly kind: 'empty' }
  /** No answer, or a service in trouble: later it may have one. */
  | { readonly kind: 'unavailable'; readonly hresult: number };

interface EkService {
  readonly request: (ek: TpmKey) => DeviceRequest;
  readonly read: (body: Buffer) => Buffer;
}

const EK_FETCH = 'EkFetch';

const qualcomm: EkService = {
  request: ({ publicArea }) => ({
    service: 'ek-qcom',
    operation: EK_FETCH,
    method: 'POST',
    url: `https://${QUALCOMM_EK_HOST}${QUALCOMM_EK_PATH}`,
    headers: { 'Content-Type': 'application/json' },
    body: encodeQualcommRequest(tpm2b(publicArea)),
  }),
  read: decodeQualcommAnswer,
};

/** Vendors of firmware TPMs, whose EK certificates come from a service (reference 03, 1.3 to 1.5). */
const services: Partial<Record<DeviceTraits['tpm']['vendor'], EkService>> = {
  INTC: {
    request: ({ publicKey }) => ({ service: 'ek-intel', operation: EK_FETCH, url: `https://${INTEL_EK_HOST}${intelEkPath(publicKey)}` }),
    read: decodeIntelAnswer,
  },
  AMD: {
    request: ({ publicKey }) => ({ service: 'ek-amd', operation: EK_FETCH, url: `https://${AMD_EK_HOST}${amdEkPath(publicKey)}` }),
    read: (body) => body,
  },
  QCOM: qualcomm,
  MSFT: qualcomm,
};

/** Asks the vendor for the certificate of the device's EK; undefined when this vendor has no service. */
export async function fetchEkCertificate({ network, tpm, traits }: AttestContext): Promise<EkAnswer | undefined> {
  const service = services[traits.tpm.vendor];
  if (!service) return undefined;
  try {
    const { status, body } = await network.http(service.request(tpm.endorsementKey));
    if (status >= 500) return { kind: 'unavailable', hresult: hresultOfStatus(status) };
    if (status < 200 || status >= 300) return { kind: 'unknown' };
    return body.length === 0 ? { kind: 'empty' } : { kind: 'certificate', der: service.read(body) };
  } catch (error) {
    if (error instanceof NetworkError) return { kind: 'unavailable', hresult: error.hresult };
    if (error instanceof EkServiceError) return { kind: 'unknown' };
    throw error;
  }
}
