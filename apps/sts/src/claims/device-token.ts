import { issuerOf } from '@greenscreen/host/identity';
import { type Random } from '@greenscreen/host/random';
import { type Tenant } from '@greenscreen/model/tenancy';
import { clientIds } from '@greenscreen/wire/oauth';
import { type Resource } from '../clients/resource.js';
import { clientAddress, opaqueClaims, tokenTimes } from './common-claims.js';

export interface DeviceTokenInput {
  readonly tenant: Pick<Tenant, 'id' | 'switches'>;
  /** The device object; undefined when a registration has none any more (reference 06, D-A21). */
  readonly device?: { readonly deviceId: string; readonly objectId: string } | undefined;
  readonly ztdId?: string | undefined;
  /** Thumbprint of the key that the holder has to prove (reference 06, D-A18). */
  readonly jkt?: string | undefined;
  readonly resource: Resource;
  readonly now: Date;
  readonly random: Random;
}

/** Claims of a token for the device itself: no `upn`, no `scp`, `sub` is the device id (reference 02, 5.5; 06, D-B1). */
export function deviceTokenClaims({ tenant, device, ztdId, jkt, resource, now, random }: DeviceTokenInput): Record<string, unknown> {
  const { aio, uti } = opaqueClaims(random);
  return {
    aud: resource.audience,
    iss: issuerOf(tenant.id),
    ...tokenTimes(now),
    acr: '1',
    aio,
    amr: ['rsa'],
    appid: clientIds.authenticationBroker,
    appidacr: '0',
    ...(jkt === undefined ? {} : { cnf: { jkt } }),
    ...(device ? { deviceid: device.deviceId } : {}),
    idtyp: 'device',
    ipaddr: clientAddress(),
    ...(device ? { oid: device.objectId, sub: device.deviceId } : {}),
    tid: tenant.id,
    uti,
    ver: '1.0',
    ...(ztdId === undefined ? {} : { ztdid: ztdId }),
  };
}
