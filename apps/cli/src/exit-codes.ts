/** How the command ends. */
export const exitCodes = {
  ok: 0,
  /** Something was found that is not as expected. */
  unexpected: 1,
  /** It could not be done at all: a wrong option, a port in use, no cloud. */
  impossible: 2,
  /** 128 + SIGINT, as a shell counts. */
  interrupted: 130,
} as const;
