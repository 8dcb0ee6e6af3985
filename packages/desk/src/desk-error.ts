// What goes wrong because of the input or the state of things: one sentence for the user, and a code for
// programs.

/** Each code, with the sentence that says when it is used. */
export const deskErrorCodes = {
  D_INVALID: "A document or an argument is not as its schema says.",
  D_UNKNOWN: "No document, framework, playbook or person has this name.",
  D_EXISTS: "A document of this name is there already.",
  D_REFUSED: "The state of the document does not allow the step.",
  D_CHANGED: "Another program changed the document meanwhile.",
  D_UNDELIVERED: "A mail could not be delivered to everybody.",
  D_FOLDER: "The folder cannot be read or written.",
} as const;

/** A stable name of an error of the desk. */
export type DeskErrorCode = keyof typeof deskErrorCodes;

/** An error that the user can fix. The message says what is wrong, where, and what to do. */
export class DeskError extends Error {
  readonly code: DeskErrorCode;

  constructor(code: DeskErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DeskError";
    this.code = code;
  }
}

/** By name and code, so that it also works across two copies of the package. */
export function isDeskError(error: unknown): error is DeskError {
  return error instanceof Error && error.name === "DeskError" && "code" in error;
}
