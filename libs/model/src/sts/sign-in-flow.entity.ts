import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A sign-in page that was shown: the authorize request that it belongs to, found again by the page's flow token. */
@Entity('sign_in_flow')
export class SignInFlow {
  /** SHA-256 of the flow token (`sFT`), lower-case hex. */
  @PrimaryColumn('text') hash: string;
  /** Tenant segment of the path: a tenant id, or `common`, `organizations`, `consumers`. */
  @Column('text') tenantSegment: string;
  /** Query of the authorize request; null for a page that completes a device code. */
  @Column('jsonb', { nullable: true }) request: Record<string, string> | null;
  @Column('text', { nullable: true }) userCode: string | null;
  /** Device that authenticated by a device credential; null for most. */
  @Column('uuid', { nullable: true }) deviceObjectId: string | null;
  /** Who has given the password and still owes the second factor; null before that. */
  @Index() @Column('uuid', { nullable: true }) userId: string | null;
  /** The six digits that the person is asked for; null once nobody may try any more. */
  @Column('text', { nullable: true }) factorCode: string | null;
  @Column('integer', { default: 0 }) factorTries: number;
  @Column('timestamptz', { nullable: true }) factorPassedAt: Date | null;
  /** `OOBE`, `MOSET` or null: where the password was given (reference 02, 3.3). */
  @Column('text', { nullable: true }) cxhflow: string | null;
  @Index() @Column('timestamptz') createdAt: Date;
}

/** A browser that has signed in; the cookie holds the token. */
@Entity('sign_in_session')
export class SignInSession {
  /** SHA-256 of the cookie's value, lower-case hex. */
  @PrimaryColumn('text') hash: string;
  /** `session_state` of answers. */
  @Column('uuid') sessionId: string;
  @Column('uuid') tenantId: string;
  @Index() @Column('uuid') userId: string;
  @Column('uuid', { nullable: true }) deviceObjectId: string | null;
  @Column('text', { array: true }) amr: string[];
  /** `OOBE`, `MOSET` or null: where Windows showed the page (reference 02, 3.3). */
  @Column('text', { nullable: true }) cxhflow: string | null;
  @Column('timestamptz') authenticatedAt: Date;
  @Column('timestamptz') expiresAt: Date;
}
