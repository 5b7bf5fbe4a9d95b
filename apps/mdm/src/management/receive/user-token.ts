import { AccessTokenError, verifyAccessToken } from '@greenscreen/host/identity';
import { type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { type AccessTokenClaims } from '@greenscreen/wire/oauth';
import { alertType, type SyncMessage } from '@greenscreen/wire/syncml';
import { enrollmentAudiences, TOKEN_TOLERANCE } from '../../enrollment/token/authenticate.js';
import { type MdmServices } from '../../mdm-services.js';

/**
 * The user behind an AADUserToken alert: a token for us, of the enrollment's tenant, from the enrollment's Entra device (06 D-B33).
 * Anything else is ignored and logged: the alert is answered all the same.
 */
export async function signedInUser(
  mdm: MdmServices,
  enrollment: MdmEnrollment,
  { commands }: SyncMessage,
): Promise<DirectoryUser | undefined> {
  const token = commands
    .flatMap((command) => (command.verb === 'Alert' ? command.items : []))
    .find(({ meta }) => meta?.type === alertType.userToken)?.data;
  if (token === undefined) return undefined;
  const ignore = (reason: string): undefined => {
    mdm.logger.info({ enrollment: enrollment.id, reason }, 'a user token of a managed device is ignored');
    return undefined;
  };
  const claims = await verified(mdm, token.trim(), enrollment.tenantId);
  if (claims instanceof AccessTokenError) return ignore(claims.problem);
  if (claims.upn === undefined) return ignore('no user');
  if (claims.deviceid?.toLowerCase() !== enrollment.entraDeviceId) return ignore('another device');
  const user = await mdm.em.findOneBy(DirectoryUser, { tenantId: enrollment.tenantId, upn: claims.upn.toLowerCase() });
  return user?.accountEnabled === true ? user : ignore('unknown or disabled user');
}

async function verified(mdm: MdmServices, token: string, tenantId: string): Promise<AccessTokenClaims | AccessTokenError> {
  try {
    return await verifyAccessToken(token, {
      authorities: mdm.authorities,
      audiences: enrollmentAudiences,
      tenantId,
      now: (tenant) => mdm.clock.now(tenant),
      tolerance: TOKEN_TOLERANCE,
    });
  } catch (error) {
    if (error instanceof AccessTokenError) return error;
    throw error;
  }
}
