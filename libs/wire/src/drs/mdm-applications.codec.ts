import { DrsFormatError } from './error.js';
import { Members } from './members.js';

/** An MDM application that applies to a device or user (reference 06, D-B36). */
export interface MdmApplicationEntry {
  readonly appId: string;
  readonly displayName: string;
  /** Discovery address of its enrollment. */
  readonly enrollmentUrl: string;
  readonly termsOfUseUrl: string;
  readonly complianceUrl: string;
}

export const encodeMdmApplications = (applications: readonly MdmApplicationEntry[]): Record<string, unknown> => ({
  value: applications.map(({ appId, displayName, enrollmentUrl, termsOfUseUrl, complianceUrl }) => ({
    appId,
    displayName,
    enrollmentUrl,
    termsOfUseUrl,
    complianceUrl,
  })),
});

/** Reads the list. Throws DrsFormatError. */
export function decodeMdmApplications(value: unknown): MdmApplicationEntry[] {
  const list = Members.of(value)?.get('value');
  if (!Array.isArray(list)) throw new DrsFormatError('value');
  return list.map((entry: unknown) => {
    const members = Members.of(entry);
    if (!members) throw new DrsFormatError('value');
    return {
      appId: members.requiredText('appId'),
      displayName: members.text('displayName') ?? '',
      enrollmentUrl: members.requiredText('enrollmentUrl'),
      termsOfUseUrl: members.text('termsOfUseUrl') ?? '',
      complianceUrl: members.text('complianceUrl') ?? '',
    };
  });
}
