// The exit codes of the command, the same as those of `quadrille`.
import type { DeskErrorCode } from "../desk-error.ts";

/** By what happened. */
export const exitCodes = {
  /** Done, nothing found. */
  ok: 0,
  /** Findings, or what was asked for is not possible now. */
  findings: 1,
  /** The command or its input is not as it must be. */
  usage: 2,
  /** The command itself is broken. */
  internal: 3,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of an error. */
export function exitCodeOf(code: DeskErrorCode): ExitCode {
  return code === "D_INVALID" || code === "D_UNKNOWN" ? exitCodes.usage : exitCodes.findings;
}
