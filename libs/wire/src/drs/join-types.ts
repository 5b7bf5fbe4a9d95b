/** `JoinType` of a join request (reference 02, 10.3). */
export const joinTypes = {
  entraJoin: 0,
  register: 4,
  hybrid: 6,
  /** Listed as an Entra join, without details. */
  entraJoinAlternative: 8,
  /** DEVICE_AUTO_DDID: the userless join (design 4.6). */
  deviceAutoDdid: 11,
} as const;

/** What Windows prints in event 102 (reference 05, T11 [trace] for 11; the others inferred). */
export const joinTypeNames: Readonly<Record<number, string>> = {
  [joinTypes.entraJoin]: 'DEVICE',
  [joinTypes.register]: 'USER',
  [joinTypes.hybrid]: 'SERVER_AD',
  [joinTypes.deviceAutoDdid]: 'DEVICE_AUTO_DDID',
};
