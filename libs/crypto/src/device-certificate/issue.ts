import { type KeyObject } from 'node:crypto';
import {
  basicConstraints,
  commonName,
  decodeCertificate,
  ekuOids,
  extendedKeyUsage,
  issueCertificate,
  knownCertificate,
  subjectCommonName,
} from '../x509/index.js';
import { type DeviceIdentityExtensions, deviceExtensionContent, deviceExtensionGuid, deviceExtensions, deviceOids } from './extensions.js';

export interface DeviceCertificateRequest {
  readonly identity: DeviceIdentityExtensions;
  /** SubjectPublicKeyInfo of the request; its subject is not used. */
  readonly spki: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The MS-Organization-Access authority: its certificate (hold on to the Buffer, it is decoded once) and key. */
  readonly issuer: { readonly certificate: Buffer; readonly privateKey: KeyObject };
}

const HALF_AN_HOUR_MS = 30 * 60_000;
const YEARS = 10;

/** Half an hour back, ten calendar years on (reference 02, 11.1 [trace]). */
export function deviceCertificateValidity(now: Date): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - HALF_AN_HOUR_MS),
    notAfter: new Date(new Date(now).setUTCFullYear(now.getUTCFullYear() + YEARS)),
  };
}

/**
 * A device certificate, byte for byte as reference 02, 11.1: subject is one CN with the device id, issuer one RDN with four attributes, no
 * key usage, no key identifiers.
 */
export function issueDeviceCertificate({ identity, spki, notBefore, notAfter, issuer }: DeviceCertificateRequest): Buffer {
  return issueCertificate({
    issuer: knownCertificate(issuer.certificate).subject.raw,
    subject: commonName(identity.deviceId.toLowerCase()),
    notBefore,
    notAfter,
    publicKey: spki,
    signingKey: issuer.privateKey,
    extensions: [basicConstraints(false), extendedKeyUsage([ekuOids.clientAuth], true), ...deviceExtensions(identity)],
  });
}

/** What a reader of a device certificate learns; undefined where an extension is missing. */
export interface DeviceCertificateIdentity {
  /** From the subject. */
  readonly subject: string | undefined;
  readonly deviceId: string | undefined;
  readonly userObjectId: string | undefined;
  readonly tenantId: string | undefined;
  readonly joined: boolean | undefined;
  readonly region: string | undefined;
}

/** Throws CertificateError when it is no certificate. */
export function readDeviceCertificate(der: Buffer): DeviceCertificateIdentity {
  const certificate = decodeCertificate(der);
  const { extensions } = certificate;
  const kind = deviceExtensionContent(extensions, deviceOids.joinKind)?.toString('ascii');
  return {
    subject: subjectCommonName(certificate),
    deviceId: deviceExtensionGuid(extensions, deviceOids.deviceId),
    userObjectId: deviceExtensionGuid(extensions, deviceOids.userObjectId),
    tenantId: deviceExtensionGuid(extensions, deviceOids.tenantId),
    joined: kind === undefined ? undefined : kind === '1',
    region: deviceExtensionContent(extensions, deviceOids.region)?.toString('ascii'),
  };
}
