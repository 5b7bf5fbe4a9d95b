import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { findTenantByDomain, switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { fleetPaths } from '@greenscreen/wire/fleet';
import { type MdmServices } from '../mdm-services.js';

/** Switch `mdm.fleet.enrollSecret`: what agents enroll with. */
const DEFAULT_SECRET = 'lab-secret';

/** A tenant's Fleet server, as far as the tenant's switches describe it. */
export class FleetServer {
  private constructor(
    readonly tenant: Tenant,
    private readonly host: string,
  ) {}

  /** The server that the request in hand is for; throws Fault with the code given when no tenant has that domain. */
  static async ofRequest(mdm: MdmServices, unknown: string): Promise<FleetServer> {
    const exchange = currentExchange();
    const tenant = await findTenantByDomain(mdm.em, exchange.host.replace(/^fleet\./, ''));
    if (!tenant) throw new Fault(unknown);
    exchange.tenantId = tenant.id;
    return new FleetServer(tenant, exchange.host);
  }

  /** Address of one of its endpoints. */
  url(endpoint: keyof typeof fleetPaths): string {
    return `https://${this.host}${fleetPaths[endpoint]}`;
  }

  get enrollSecret(): string {
    return switchOf(this.tenant, 'mdm.fleet.enrollSecret', DEFAULT_SECRET);
  }

  /** Switch `mdm.fleet.enabled`: a server whose Windows MDM is off sends its hosts away. */
  get managesWindows(): boolean {
    return switchOf(this.tenant, 'mdm.fleet.enabled', true);
  }

  /** Switch `mdm.fleet.verifyTokenSignature` (06 D-B5): Fleet's own test client signs with a key of its own. */
  get verifiesTokens(): boolean {
    return switchOf(this.tenant, 'mdm.fleet.verifyTokenSignature', true);
  }
}
