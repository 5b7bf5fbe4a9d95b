/** Notation of reference 05, B.0 for refusals; the services know codes only (reference 06, D-A70). */
export const templates = ['F-MDM', 'D-ERR', 'Z-ERR', 'S-ERR', 'A-ERR'] as const;
export type Template = (typeof templates)[number];

/** What a template stands for: a code of a service's table, or a plain status. */
export interface Refusal {
  readonly code?: string;
  readonly status?: number;
}

type Argument = string | number | undefined;

const local = (name: Argument): string => String(name ?? '').replace(/^[sa]:/, '');

/** Rows of the MDM table that differ by their text only. */
const mdmTexts: Readonly<Record<string, string>> = {
  'Device Identifier not preregistered': 'NotPreregistered',
  'Enrollment blocked for AP device by SDM One Time Limit Check': 'OneTimeLimit',
  'Windows enrollment is blocked': 'WindowsBlocked',
  'Pre-provisioning is not allowed by the assigned profile': 'PreprovisioningNotAllowed',
};

/** DRS codes without a subcode. */
const drsCodes: Readonly<Record<string, string>> = {
  AuthenticationError: 'InvalidToken',
  AuthorizationError: 'UserNotAllowed',
  DirectoryError: 'DirectoryError',
  InvalidParameter: 'InvalidParameter',
};

const rewrite: Readonly<Record<Template, (args: readonly Argument[]) => Refusal>> = {
  /** (fault code), or (subcode, reason, ErrorType). */
  'F-MDM': ([subcode, reason, errorType]) => ({ code: `mdm.${mdmTexts[String(reason)] ?? local(errorType ?? subcode)}` }),
  /** (code, subcode, message). */
  'D-ERR': ([code, subcode, message]) => {
    if (/throttled/i.test(String(message))) return { code: 'drs.Throttled' };
    if (subcode !== undefined && subcode !== '-' && subcode !== '') return { code: `drs.${subcode}` };
    return { code: `drs.${drsCodes[String(code)] ?? code}` };
  },
  /** (number). */
  'Z-ERR': ([number]) => ({ code: `ztd.${number}` }),
  /** (AADSTSnnnnn). */
  'S-ERR': ([number]) => ({ code: `sts.${String(number).replace(/^AADSTS/i, '')}` }),
  /** (operation, status): the operation is the fault's own. */
  'A-ERR': ([, status]) => ({ status: Number(status) }),
};

/** The code, or the status, that a template of reference 05 means. */
export const refusalOf = (template: Template, args: readonly (string | number)[] = []): Refusal => rewrite[template](args);
