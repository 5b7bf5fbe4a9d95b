import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A random secret that the processes of one installation share, such as the one between gateway and services. */
@Entity('installation_secret')
export class InstallationSecret {
  @PrimaryColumn('text') name: string;
  @Column('bytea') value: Buffer;
}
