import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An MDM application of a tenant, as the mobility settings list it (reference 05, T12; 06 D-B36). */
@Entity('mdm_application')
export class MdmApplication {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') appId: string;
  @Column('text') displayName: string;
  @Column('text') enrollmentUrl: string;
  @Column('text') termsOfUseUrl: string;
  @Column('text') complianceUrl: string;
  /** MDM user scope. Users of `some` are in `scopeGroupId`. */
  @Column('text', { default: 'all' }) scope: 'all' | 'some' | 'none';
  @Column('uuid', { nullable: true }) scopeGroupId: string | null;
}

/** Intune's own entry; the enrollment address is the `mdm_enrollment_url` claim [trace, reference 02, 5.3]. */
export const intuneMdmApplication = {
  appId: '0000000a-0000-0000-c000-000000000000',
  displayName: 'Microsoft Intune',
  enrollmentUrl: 'https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc',
  termsOfUseUrl: 'https://portal.manage.microsoft.com/TermsofUse.aspx',
  complianceUrl: 'https://portal.manage.microsoft.com/?portalAction=Compliance',
} as const;
