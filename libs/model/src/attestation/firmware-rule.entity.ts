import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What the AIK service thinks of firmware versions: of a vendor, one major version, a range of minor ones. */
@Entity('firmware_rule')
export class FirmwareRule {
  @PrimaryColumn('uuid') id: string;
  /** Label: `IFX`, … */
  @Index() @Column('text') vendor: string;
  @Column('int') major: number;
  @Column('int') minorFrom: number;
  @Column('int') minorTo: number;
  /** `accepted` overrides the built-in list. */
  @Column('text') verdict: 'vulnerable' | 'accepted';
  @Column('text', { default: '' }) reason: string;
}
