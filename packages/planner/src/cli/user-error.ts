// A mistake of the user, reported in one sentence without a stack trace; and the exit codes.

/** Exit codes of the command. */
export const exitCodes = {
  /** Done; every gate passed. */
  ok: 0,
  /** A gate failed, or what was asked for is not there. */
  findings: 1,
  /** The command or its input is not as it must be. */
  usage: 2,
  /** The command itself is broken. */
  internal: 3,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A mistake of the user: its message is one sentence that says what is wrong and what to do. */
export class UserError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exitCodes.usage) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
