/** What the command ends with. Scripts rely on these numbers: they do not change between releases. */
export const exitCodes = {
  ok: 0,
  /** Something was tried and failed, was not found, or was interrupted. */
  failed: 1,
  /** The command line cannot be carried out as written. */
  usage: 2,
  /** Redis is not reachable, or refuses the connection. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
