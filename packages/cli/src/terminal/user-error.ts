// A mistake or problem that the user can fix: reported in one sentence, without a stack trace.

/** Exit codes of the command. */
export const exitCodes = {
  /** Done, nothing found. */
  ok: 0,
  /** Findings, or the request cannot be fulfilled now. */
  findings: 1,
  /** The command line or its input is wrong. */
  usage: 2,
  /** The command itself is broken. */
  internal: 3,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A mistake that the user can fix: the message is printed without a stack trace. */
export class UserError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = exitCodes.usage) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}

/** What to do about a module that does more than export a choreography; to be read after a colon. */
export const moduleAdvice =
  "keep the choreography in a module of its own that only exports it, and start the program elsewhere";
