import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type AikRequestState } from './aik-request-state.js';

/** Who asked, as the request says (reference 03, 2.7). */
export interface AikClientInfo {
  osVersion?: string;
  machine?: string;
  user?: string;
  process?: string;
  /** `PlatformType` header. */
  platformType?: string;
}

/** An AIK enrollment: a challenge that waits for its answer, or what became of it (reference 03, 2.16). Found by the state that the client returns. */
@Entity('aik_request')
export class AikRequest {
  @PrimaryColumn('uuid') id: string;
  @Column('text') vendor: string;
  @Column('text') keyId: string;
  @Column('text') state: AikRequestState;
  /** As sent; clients use one value for many requests, so it finds nothing. */
  @Column('text') transactionId: string;
  /** SHA-256 of the SCEP Protocol Certificate, lower-case hex: only its owner may answer. */
  @Column('text') signerFingerprint: string;
  /** SHA-256 of the state that the client has to bring back byte for byte, lower-case hex. */
  @Column('text') serverStateHash: string;
  /** `ek_hash` of the challenged TPM. */
  @Index() @Column('text') ekHash: string;
  @Column('bytea') ekCertificate: Buffer;
  /** Object Name of the AIK, lower-case hex. */
  @Column('text') aikName: string;
  /** SubjectPublicKeyInfo of the AIK. */
  @Column('bytea') aikSpki: Buffer;
  /** KeyAttestationStatement. */
  @Column('bytea') statement: Buffer;
  /** What the TPM has to recover; removed once it has been answered. */
  @Column('bytea', { nullable: true }) secret: Buffer | null;
  @Column('jsonb') clientInfo: AikClientInfo;
  @Index() @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) answeredAt: Date | null;
}
