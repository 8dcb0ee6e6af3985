// Operating errors: a stable code to match on, whether trying again can help, and a sentence that says what to do.

/** Codes of operating errors. Pages about them are generated from this list. */
export const errorCodes = {
  Q_STORE_UNREACHABLE: "The database does not answer.",
  Q_STORE_FAILED: "The database refused a statement.",
  Q_SCHEMA_NEWER: "The tables were made by a newer version.",
  Q_SCHEMA_DRIFTED: "The tables are not as the migrations made them.",
  Q_SCHEMA_MISSING: "There are no tables.",
  Q_SCHEMA_BUSY: "Another process is migrating the tables.",
  Q_LANES_CHANGED: "The tables were made for another number of lanes.",
  Q_CONTRACT_MALFORMED: "A contract is not well-formed.",
  Q_PAYLOAD_INVALID: "A payload does not fit its schema.",
  Q_PAYLOAD_TOO_LARGE: "A payload is larger than the limit.",
  Q_HANDLER_THREW: "A handler threw.",
  Q_HANDLER_REFUSED: "A handler chose what its contract does not declare.",
  Q_NOT_HANDLED: "A message met a state that says nothing about it, or says that it never comes.",
  Q_STATE_UNKNOWN: "An entity is in a state that the contract does not have.",
  Q_ACTIVITY_FAILED: "An activity failed.",
  Q_ACTIVITY_TIMED_OUT: "An activity did not answer in time.",
  Q_UNKNOWN_COMMAND: "No participant takes this command.",
  Q_OVERLOADED: "Too many commands are waiting.",
  Q_STOPPING: "The engine is stopping.",
  Q_PARKED_UNKNOWN: "No parked message has this id.",
  Q_PARKED_REFUSED: "This parked message can not be redriven, or not be discarded.",
  Q_PARKED_FULL: "Too many messages are set aside.",
  Q_DATA_FOLDER_BUSY: "Another process owns the data folder.",
} as const;

/** A stable name of an operating error. */
export type ErrorCode = keyof typeof errorCodes;

/** An operating error. Match on `code`, never on the class. */
export class QuadrilleError extends Error {
  readonly code: ErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "QuadrilleError";
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** Whether `error` is an operating error, by its code. */
export function isQuadrilleError(error: unknown): error is QuadrilleError {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code in errorCodes
  );
}

/** Stops on a programmer's error. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
