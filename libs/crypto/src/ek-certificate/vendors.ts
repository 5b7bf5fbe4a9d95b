/** A TPM vendor's id as EK certificates write it: `id:` and eight upper-case hex digits of TPM_PT_MANUFACTURER (reference 03, 1.7). */
export interface TpmVendor {
  /** How hosts and authorities name it: the id's ASCII without NUL and blanks. */
  readonly label: string;
  readonly name: string;
  readonly manufacturer: string;
}

const vendor = (hex: string, name: string): TpmVendor => ({ label: labelOf(hex), name, manufacturer: `id:${hex}` });

/** Drops NUL and blanks from the id's bytes [client: smallstep/crypto tpm/manufacturer]. */
const labelOf = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1').replace(/[\0 ]/g, '');

/** Vendors whose authorities the lab plays, and the software TPM's (reference 03, 1.7). */
export const tpmVendors: readonly TpmVendor[] = [
  vendor('494E5443', 'Intel'),
  vendor('414D4400', 'AMD'),
  vendor('51434F4D', 'Qualcomm'),
  vendor('4D534654', 'Microsoft Pluton'),
  vendor('49465800', 'Infineon'),
  vendor('4E544300', 'Nuvoton'),
  vendor('53544D20', 'STMicroelectronics'),
  vendor('4E545A00', 'Nationz'),
  vendor('49424D00', 'IBM'),
];

/** swtpm's own local CA writes this in place of a vendor's id: such a certificate names no vendor [verified]. */
export const SWTPM_MANUFACTURER = 'id:00001014';

/** The vendor with this label, in any case. */
export const vendorByLabel = (label: string): TpmVendor | undefined =>
  tpmVendors.find((candidate) => candidate.label === label.toUpperCase());

/** The label of a tpmManufacturer attribute; undefined when it is no vendor id. */
export function vendorLabel(manufacturer: string): string | undefined {
  const [, hex] = /^id:([0-9A-F]{8})$/.exec(manufacturer) ?? [];
  return hex === undefined ? undefined : labelOf(hex);
}
