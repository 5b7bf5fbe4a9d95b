/** Labels of vendors whose chips Windows attests. */
export const chipVendors = ['IFX', 'STM', 'NTC', 'INTC', 'AMD', 'QCOM', 'MSFT'] as const;
export type ChipVendor = (typeof chipVendors)[number];
