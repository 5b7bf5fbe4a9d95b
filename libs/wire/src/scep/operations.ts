/** Path of the AIK template on every authority; matched without regard to case (reference 03, 2.2). */
export const AIK_SCEP_PATH = '/templates/Aik/scep';

/** Values of the query parameter `operation`, and the method that each takes. */
export const scepOperations = {
  GetCACaps: 'GET',
  GetCACertChain: 'GET',
  GetCACert: 'GET',
  PKIOperation: 'POST',
} as const;
export type ScepOperation = keyof typeof scepOperations;

/** The operation of a query; undefined for an unknown one. Names are taken as spelt. */
export const decodeScepOperation = (value: string | undefined): ScepOperation | undefined =>
  (Object.keys(scepOperations) as ScepOperation[]).find((name) => name === value);

/** Path and query of an operation, as Windows asks: GETs carry `message=default` (reference 03, 2.2 [client]). */
export const scepTarget = (operation: ScepOperation): string =>
  `${AIK_SCEP_PATH}?operation=${operation}${scepOperations[operation] === 'GET' ? '&message=default' : ''}`;

export const scepMediaTypes = {
  message: 'application/x-pki-message',
  /** GetCACertChain's is unknown [our choice]. */
  chain: 'application/x-x509-ca-ra-cert-chain',
  authorities: 'application/x-x509-ca-ra-cert',
  capabilities: 'text/plain',
} as const;

/** What Windows calls itself to SCEP servers (reference 03, 2.2 [client: tpm-carte-blanche]). */
export const scepUserAgent = (build: string): string => `Mozilla/4.0 (compatible; Win32; NDES client 10.0.${build}/vb_release_svc_prod1)`;
