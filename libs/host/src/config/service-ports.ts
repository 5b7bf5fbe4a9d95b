/** Default ports of services that run on their own, behind a gateway. */
export const servicePorts: Readonly<Record<string, number>> = {
  ztd: 8101,
  attestation: 8102,
  sts: 8103,
  drs: 8104,
  mdm: 8105,
  graph: 8106,
  control: 8088,
};
