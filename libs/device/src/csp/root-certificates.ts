import { canonicalUri, segmentsOf } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { X509Certificate } from 'node:crypto';
import { type CertificateStores, type StoreName } from '../context/index.js';
import { type ConfigurationServiceProvider, type NodeValue } from './provider.js';
import { type CspTree } from './tree.js';

const ROOT = './Device/Vendor/MSFT/RootCATrustedCertificates';
/** Stores of the CSP that the simulated device has. */
const storeNames: Readonly<Record<string, StoreName>> = { Root: 'LocalMachine\\Root', CA: 'LocalMachine\\CA' };

/** Nodes that are read from the certificate. */
const facts: Readonly<Record<string, (certificate: X509Certificate) => string>> = {
  IssuedTo: ({ subject }) => subject,
  IssuedBy: ({ issuer }) => issuer,
  ValidFrom: ({ validFrom }) => validFrom,
  ValidTo: ({ validTo }) => validTo,
};

const oneLine = (name: string): string => name.replaceAll('\n', ', ');

/**
 * RootCATrustedCertificates CSP: `<store>/<SHA-1>/EncodedCertificate` puts a certificate into a store of the computer. One that is not what
 * its node names is refused [our choice: 400].
 */
export function rootCertificates(tree: CspTree, stores: CertificateStores): ConfigurationServiceProvider {
  const parts = (uri: string): string[] => segmentsOf(uri).slice(segmentsOf(ROOT).length);
  return {
    root: canonicalUri(ROOT),
    get: (uri) => {
      const [store = '', thumbprint = '', name = ''] = parts(uri);
      const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
      const certificate = fact && certificateOf(tree.read([ROOT, store, thumbprint, 'EncodedCertificate'].join('/')));
      return fact && certificate ? { format: 'chr', data: oneLine(fact(certificate)) } : undefined;
    },
    write: (uri, { data }) => {
      const [, thumbprint, node] = parts(uri);
      if (node === undefined || node !== 'EncodedCertificate') return statusCode.notAllowed;
      return certificateOf(data)?.fingerprint.replaceAll(':', '') === thumbprint?.toUpperCase() ? undefined : statusCode.badRequest;
    },
    changed: (uri, value: NodeValue | undefined) => {
      const [name = '', thumbprint = '', node] = parts(uri);
      const store = Object.hasOwn(storeNames, name) ? storeNames[name] : undefined;
      if (!store || node !== 'EncodedCertificate') return;
      if (value) stores.add(store, Buffer.from(value.data, 'base64'));
      else stores.remove(store, thumbprint.toUpperCase());
    },
  };
}

function certificateOf(base64: string | undefined): X509Certificate | undefined {
  if (base64 === undefined) return undefined;
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
