import { createHash } from 'node:crypto';
import { FleetHost } from '@greenscreen/model/fleet';
import { isLive, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { type EntityManager } from 'typeorm';
import { type FleetServer } from './fleet-server.js';

/** Keys are kept as hashes: who reads the database is no host. */
export const hashOfNodeKey = (key: string): string => createHash('sha256').update(key, 'utf8').digest('hex');

/** The host of a key, of this server. */
export const findHost = (em: EntityManager, { tenant }: FleetServer, nodeKey: string): Promise<FleetHost | null> =>
  em.findOneBy(FleetHost, { tenantId: tenant.id, nodeKeyHash: hashOfNodeKey(nodeKey) });

/** Whether the host is managed by this server now. */
export async function isManaged(em: EntityManager, { enrollmentId }: FleetHost): Promise<boolean> {
  const enrollment = enrollmentId === null ? null : await em.findOneBy(MdmEnrollment, { id: enrollmentId });
  return enrollment !== null && isLive(enrollment.state);
}

/** A Windows host that is not managed yet, at a server that manages Windows (reference 04, section 8). */
export const isEligible = async (em: EntityManager, server: FleetServer, host: FleetHost): Promise<boolean> =>
  server.managesWindows && host.platform.toLowerCase() === 'windows' && !(await isManaged(em, host));
