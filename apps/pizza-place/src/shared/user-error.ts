// A user's mistake: reported in one sentence, without a stack trace.

/** Something the user can fix. `exitCode` 2: the options are at fault; 1: something else is. */
export class UserError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
