/** Plausible PCs, as their firmware names them. */
export const vendors = {
  contoso: { manufacturer: 'Contoso Devices', model: 'Labbook 14', sku: 'LB14', family: 'Labbook', tpm: 'IFX' },
  dell: { manufacturer: 'Dell Inc.', model: 'Latitude 7450', sku: '0CB9', family: 'Latitude', tpm: 'STM' },
  hp: {
    manufacturer: 'HP',
    model: 'HP EliteBook 840 14 inch G11 Notebook PC',
    sku: '9G0J5ET#ABD',
    family: '103C_5336AN HP EliteBook',
    tpm: 'IFX',
  },
  lenovo: {
    manufacturer: 'LENOVO',
    model: '21ML0012GE',
    sku: 'LENOVO_MT_21ML_BU_Think_FM_ThinkPad T14 Gen 5',
    family: 'ThinkPad T14 Gen 5',
    tpm: 'STM',
  },
  microsoft: {
    manufacturer: 'Microsoft Corporation',
    model: 'Surface Laptop 6',
    sku: 'Surface_Laptop_6_for_Business',
    family: 'Surface',
    tpm: 'INTC',
  },
} as const;
export type Vendor = keyof typeof vendors;
export const vendorNames = Object.keys(vendors);
