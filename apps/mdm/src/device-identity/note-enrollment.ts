import { currentExchange } from '@greenscreen/host/exchange';
import { type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';

/** Says in journal and log whose request this is. */
export function noteEnrollment({ id, tenantId, entraDeviceId, serialNumber }: MdmEnrollment): void {
  const exchange = currentExchange();
  exchange.tenantId = tenantId;
  exchange.deviceId = entraDeviceId ?? id;
  exchange.serial = serialNumber;
}
