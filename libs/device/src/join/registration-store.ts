import { joinTypes } from '@greenscreen/wire/drs';
import { X509Certificate } from 'node:crypto';
import { type DeviceContext, type StoredCertificate, type StoreName } from '../context/index.js';
import { type Registration } from './registration.js';

const CLOUD_DOMAIN_JOIN = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin';
/** A registered device belongs to the account that was added, so it stands in the user's part of the registry. */
const WORKPLACE_JOIN = 'HKCU\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\WorkplaceJoin';
const ENROLLMENTS = 'HKLM\\SOFTWARE\\Microsoft\\Enrollments';
/** `EnrollmentType` of the entry that Entra's registration leaves (reference 05, T11 [client]). */
const ENTRA_ENTRY = 26;
const TOKEN_ISSUERS = 'LocalMachine\\AAD Token Issuer';

type Place = Pick<Registration, 'joinType' | 'certificate' | 'tenantId'>;

const isPersonal = ({ joinType }: Pick<Registration, 'joinType'>): boolean => joinType === joinTypes.register;
const rootKey = (place: Place): string => (isPersonal(place) ? WORKPLACE_JOIN : CLOUD_DOMAIN_JOIN);
const joinInfoKey = (place: Place): string => `${rootKey(place)}\\JoinInfo\\${place.certificate.thumbprint}`;
const tenantInfoKey = (place: Place): string => `${rootKey(place)}\\TenantInfo\\${place.tenantId}`;

/** Where the certificate of a join goes: the machine's store, or that of the user who registers a personal device. */
export const certificateStoreOf = (joinType: number): StoreName => (isPersonal({ joinType }) ? 'CurrentUser\\My' : 'LocalMachine\\My');

/** Name of a new `Enrollments` entry. */
export const enrollmentStubName = ({ random }: Pick<DeviceContext, 'random'>): string => `{${random.uuid().toUpperCase()}}`;

/** What a join writes to the registry (reference 05, T11; 06, D-B18). `stubUpn`: of the `Enrollments` entry. */
export function writeRegistration({ registry }: Pick<DeviceContext, 'registry'>, registration: Registration, stubUpn: string): void {
  const { tenantId, userEmail, domain, service, enrollmentStub } = registration;
  const joinInfo = joinInfoKey(registration);
  registry.set(joinInfo, 'TenantId', tenantId);
  registry.set(joinInfo, 'UserEmail', userEmail);
  const tenantInfo = tenantInfoKey(registration);
  const addresses: Readonly<Record<string, string>> = {
    DisplayName: service.tenantName ?? domain,
    AuthCodeUrl: service.authorizationEndpoint,
    AccessTokenUrl: service.tokenEndpoint,
    JoinSrvUrl: service.joinEndpoint,
    JoinSrvId: service.joinResourceId,
    JoinSrvVersion: service.joinServiceVersion,
    KeySrvUrl: service.keyEndpoint,
    KeySrvId: service.keyResourceId,
    KeySrvVersion: service.keyServiceVersion,
  };
  for (const [name, value] of Object.entries(addresses)) registry.set(tenantInfo, name, value);
  if (isPersonal(registration)) return;
  const stub = `${ENROLLMENTS}\\${enrollmentStub}`;
  registry.set(stub, 'EnrollmentType', ENTRA_ENTRY);
  registry.set(stub, 'AADTenantID', tenantId);
  registry.set(stub, 'UPN', stubUpn);
}

/**
 * Deletes what a registration left (reference 05, A.4): its certificate with the user certificates of the same issuer, token issuers that
 * nothing stands for any more, and the registry's entries. Everything of MDM stays.
 */
export function clearRegistration({ registry, stores }: Pick<DeviceContext, 'registry' | 'stores'>, registration: Registration): void {
  const { certificate, enrollmentStub } = registration;
  stores.remove(certificate.store, certificate.thumbprint);
  for (const { store, thumbprint, issuer } of stores.in('CurrentUser\\My'))
    if (issuer === certificate.issuer) stores.remove(store, thumbprint);
  for (const issuer of stores.in(TOKEN_ISSUERS)) if (!issuesOne(issuer, stores.all())) stores.remove(TOKEN_ISSUERS, issuer.thumbprint);
  registry.deleteKey(joinInfoKey(registration));
  registry.deleteKey(tenantInfoKey(registration));
  registry.deleteKey(`${ENROLLMENTS}\\${enrollmentStub}`);
}

/** Whether a device or user certificate of this issuer is left. */
const issuesOne = ({ subject }: StoredCertificate, certificates: readonly StoredCertificate[]): boolean =>
  certificates.some(({ store, issuer }) => store !== TOKEN_ISSUERS && issuer === subject);

/** Validity as `dsregcmd` prints it. */
export function certificateValidity({ der }: StoredCertificate): string {
  const { validFrom, validTo } = new X509Certificate(der);
  const day = (text: string): string => new Date(text).toISOString().replace('T', ' ').replace('Z', ' UTC');
  return `[ ${day(validFrom)} -- ${day(validTo)} ]`;
}
