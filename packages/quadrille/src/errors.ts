// Operating errors: a stable code to match on, whether trying again can help, and a sentence that says what
// to do.

/** Codes of operating errors. Pages about them are generated from this list. */
export const errorCodes = {
  Q_STORE_UNREACHABLE: "The database does not answer.",
  Q_DATABASE_URL_INVALID: "The address of the database cannot be read.",
  Q_STORE_FAILED: "The database refused a statement.",
  Q_WRITE_REFUSED: "The database refuses what was to be written.",
  Q_DATABASE_ENCODING: "The database is not encoded in UTF-8.",
  Q_SCHEMA_NEWER: "The tables were made by a newer version.",
  Q_SCHEMA_DRIFTED: "The tables are not as the migrations made them.",
  Q_SCHEMA_MISSING: "There are no tables.",
  Q_SCHEMA_BUSY: "Another process is migrating the tables.",
  Q_LANES_CHANGED: "The tables were made for another number of lanes.",
  Q_DEADLINE_INVALID: "A deadline that is computed from an entity's data gave no time.",
  Q_TIME_NOT_STEPPED: "Business time was to be moved where it is not stepped, or not moved by this process.",
  Q_NAME_REFUSED: "No schema can have the name of a participant.",
  Q_TABLES_OWNED: "The tables belong to another participant or choreography.",
  Q_CONTRACT_CHANGED: "A contract has changed and does not understand what is under way.",
  Q_CONTRACT_SUPERSEDED: "A later version of the contract has taken the tables.",
  Q_ROWS_MISSING: "Rows of a journal are missing that a reader has yet to take, or has taken.",
  Q_CONTRACT_MALFORMED: "A contract is not well-formed.",
  Q_ARGUMENT_INVALID: "A function was called with what it does not take.",
  Q_PAYLOAD_INVALID: "A payload does not fit its schema.",
  Q_VERSION_NEWER: "A payload was written by a later version of its schema.",
  Q_PAYLOAD_TOO_LARGE: "A payload is larger than the limit.",
  Q_HANDLER_THREW: "A handler threw.",
  Q_HANDLER_TIMED_OUT: "A handler that uses the transaction did not end in time.",
  Q_TRANSACTION_CLOSED: "A handler's transaction was used after the handler had ended.",
  Q_TRANSACTION_CONTROL: "A handler tried to end its transaction or to change its session.",
  Q_SEND_IN_HANDLER: "A handler sends a command that would wait for the handler.",
  Q_NO_SQL: "Handlers need a transaction, and the database has no SQL.",
  Q_HANDLER_REFUSED: "A handler chose what its contract does not declare.",
  Q_NOT_HANDLED: "A message met a state that says nothing about it, or says that it never comes.",
  Q_STATE_UNKNOWN: "An entity is in a state that the contract does not have.",
  Q_ACTIVITY_FAILED: "An activity failed.",
  Q_ACTIVITY_TIMED_OUT: "An activity did not answer in time.",
  Q_NON_RETRYABLE: "An activity reported that another attempt cannot help.",
  Q_UNKNOWN_COMMAND: "No participant takes this command.",
  Q_IDEMPOTENCY_KEY_REUSED: "An idempotency key came with another request than the first time.",
  Q_OVERLOADED: "Too many commands are waiting.",
  Q_STOPPING: "The engine is stopping.",
  Q_QUERY_UNKNOWN: "A filter names what the choreography does not have.",
  Q_IN_DOUBT: "The engine stopped before it knew whether a command took effect.",
  Q_PARKED_UNKNOWN: "No parked message has this id.",
  Q_PARKED_REFUSED: "This parked message can not be redriven, or not be discarded.",
  Q_PARKED_FULL: "Too many messages are parked.",
  Q_DATA_FOLDER_BUSY: "Another process owns the data folder.",
  Q_FOLDER_UNUSABLE: "A folder cannot be made or written to.",
  Q_PACKAGE_MISSING: "A package that only some programs need is not installed.",
} as const;

/** A stable name of an operating error. */
export type ErrorCode = keyof typeof errorCodes;

/** What to do about an operating error. */
export interface ErrorAdvice {
  /** Whether the same call may succeed later; where it depends, the error itself says so. */
  readonly retryable: "yes" | "no" | "sometimes";
  /** What to do, in a few sentences. */
  readonly fix: string;
}

/** What to do, by code. */
export const errorAdvice: Readonly<Record<ErrorCode, ErrorAdvice>> = {
  Q_STORE_UNREACHABLE: {
    retryable: "yes",
    fix: "Check that the database runs and that the address is right. A running engine waits and goes on by itself when the database is back; for the command line, start the program or give its address.",
  },
  Q_DATABASE_URL_INVALID: {
    retryable: "no",
    fix: "Write it as `postgres://user:password@host:port/name`, with `/`, `#`, `?` and `@` of a password as `%2F`, `%23`, `%3F` and `%40`. The message does not show the address, because a password may be in it.",
  },
  Q_STORE_FAILED: {
    retryable: "sometimes",
    fix: "The message has the database's own sentence and code. If it is short of locks, time, space or connections, the call may be repeated. If a privilege is missing, grant it. Anything else is in `cause`.",
  },
  Q_WRITE_REFUSED: {
    retryable: "no",
    fix: "One message leads to a row that the database does not take, at a statement or at the commit: its own sentence is in the message, for instance of a constraint of the service's own tables, or of a trigger on the engine's. The message is a dead letter, or its command rejected; all others go on. Fix the cause, then redrive it.",
  },
  Q_DATABASE_ENCODING: {
    retryable: "no",
    fix: "Texts may have any character, so the database has to be in UTF-8: `create database NAME encoding 'UTF8' template template0`, and move the data there.",
  },
  Q_SCHEMA_NEWER: {
    retryable: "no",
    fix: "Update quadrille where this process runs: `npm install quadrille@latest`.",
  },
  Q_SCHEMA_DRIFTED: {
    retryable: "no",
    fix: "The message lists the differences. Put the tables back as the SQL files in `store/sql` make them, or run the version of quadrille that made them.",
  },
  Q_SCHEMA_MISSING: {
    retryable: "no",
    fix: "Start the program that makes the tables, or name the database that it uses.",
  },
  Q_SCHEMA_BUSY: {
    retryable: "yes",
    fix: "Start this process again when the other one is done.",
  },
  Q_LANES_CHANGED: {
    retryable: "no",
    fix: "Start it with the number of lanes that the message names.",
  },
  Q_DEADLINE_INVALID: {
    retryable: "no",
    fix: "Fix the function in the contract: it gives milliseconds since 1970, or `undefined` for no deadline. Then redrive the message.",
  },
  Q_TIME_NOT_STEPPED: {
    retryable: "no",
    fix: "Move it in the process that was started with `businessTime: steppedTime({ from })`.",
  },
  Q_NAME_REFUSED: {
    retryable: "no",
    fix: "The message has the name and what is wrong with it. Rename the participant, or use another `schemaPrefix`.",
  },
  Q_TABLES_OWNED: {
    retryable: "no",
    fix: "Two programs use one name in one database. Give one of them the database option `schemaPrefix`, or a database of its own. Where the choreography itself was renamed: `quadrille migrate --accept`.",
  },
  Q_CONTRACT_CHANGED: {
    retryable: "no",
    fix: "The message lists what would not be understood. Run the version before until it is done, or keep the state or event in the contract. `quadrille migrate` shows the plan; `quadrille migrate --accept` accepts it: what is not understood becomes dead letters.",
  },
  Q_CONTRACT_SUPERSEDED: {
    retryable: "no",
    fix: "This process runs an earlier version of the contract: stop it, or update it. To go back to that version on purpose: `quadrille migrate --accept` with it, then start it.",
  },
  Q_ROWS_MISSING: {
    retryable: "no",
    fix: "Put the rows back from a backup; bring all participants of a choreography back from one copy. Remove rows of a journal only up to the lowest position that all of its readers have taken (`inbox` in their `lane` tables).",
  },
  Q_CONTRACT_MALFORMED: {
    retryable: "no",
    fix: "The message names the finding and its place. `quadrille explain` and the page of its code say how to fix the contract.",
  },
  Q_ARGUMENT_INVALID: {
    retryable: "no",
    fix: "The message names the function, what it was given, and what it takes. `npx tsc --noEmit` finds most of these before the program runs.",
  },
  Q_PAYLOAD_INVALID: {
    retryable: "no",
    fix: "The message names the field. From a caller: correct the command. In a dead letter: fix the schema or the handler that emits the event, then redrive it.",
  },
  Q_VERSION_NEWER: {
    retryable: "no",
    fix: "Update the process that reads it, then redrive the dead letter. Readers are updated before writers.",
  },
  Q_PAYLOAD_TOO_LARGE: {
    retryable: "no",
    fix: "Keep the large part elsewhere and pass a reference, or raise the limit `payloadBytesMax`.",
  },
  Q_HANDLER_THREW: {
    retryable: "yes",
    fix: "An event is offered again, after a longer pause each time, and is dead after `attemptsMax` attempts: fix the handler, then redrive it. A command's caller gets the error. A refusal is an outcome of the contract and nothing to throw.",
  },
  Q_HANDLER_TIMED_OUT: {
    retryable: "yes",
    fix: "What the handler had written was undone. The message is offered again after a longer pause each time, and is dead after `attemptsMax` attempts; a command's caller gets the error. Make the handler quicker, move slow work into an activity, or raise the limit `transactMsMax`.",
  },
  Q_TRANSACTION_CLOSED: {
    retryable: "no",
    fix: "Await every query before the handler returns: the transaction commits with the batch and is not the handler's any more.",
  },
  Q_TRANSACTION_CONTROL: {
    retryable: "no",
    fix: "Leave `begin`, `commit`, `rollback` and savepoints to the engine, and set nothing but by `set local`. To undo what was written, throw. Then redrive the dead letter.",
  },
  Q_SEND_IN_HANDLER: {
    retryable: "no",
    fix: "The handler might wait for a batch that waits for the handler: of a participant that has `transact` handlers too, which take turns at the connections, or for the only connection of the database, as PGlite has it. Emit an event and react to it, or send the command from outside.",
  },
  Q_NO_SQL: {
    retryable: "no",
    fix: "Run participants with `transact` handlers on PGlite, which needs no server, or on PostgreSQL.",
  },
  Q_HANDLER_REFUSED: {
    retryable: "no",
    fix: "Return one of the outcomes that the handler is given, and not a promise; for I/O there are `transact` and activities. Then redrive the dead letter.",
  },
  Q_NOT_HANDLED: {
    retryable: "no",
    fix: "Say in the contract what the state does with the message: `quadrille check` shows the path there (P1, P2). Then redrive the dead letter, or discard it.",
  },
  Q_STATE_UNKNOWN: {
    retryable: "no",
    fix: "The contract lost a state in which entities still are. Declare it again, start, and redrive; `quadrille can-deploy` finds this before a deployment.",
  },
  Q_ACTIVITY_FAILED: {
    retryable: "yes",
    fix: "The call is made again with the same id, after a longer pause each time. When many fail in a row, one tries and the others wait. A call that is given up takes the gave-up outcome of its contract; where there is none, it is a dead letter: fix its cause and redrive it.",
  },
  Q_ACTIVITY_TIMED_OUT: {
    retryable: "yes",
    fix: "The attempt was aborted; the call is made again with the same id once it has ended. Give the activity a longer `timeLimit` in the contract, or raise the limit `activityMsMax`, where the other side is slow as a rule. See that its code stops at the signal: an attempt that goes on after it keeps its place among `activitiesRunningMax`.",
  },
  Q_NON_RETRYABLE: {
    retryable: "no",
    fix: "The call is given up at once: it takes the gave-up outcome of its contract; where there is none, it is a dead letter. An activity says so by throwing `new NonRetryableError(message)`, or any error with this code.",
  },
  Q_UNKNOWN_COMMAND: {
    retryable: "no",
    fix: "Send it to an engine that runs the participant that takes it.",
  },
  Q_IDEMPOTENCY_KEY_REUSED: {
    retryable: "no",
    fix: "Use a new key for a new request. A repeat must have the same command, the same saga id and the same payload; the order of an object's keys does not matter.",
  },
  Q_OVERLOADED: {
    retryable: "yes",
    fix: "Send it again in a moment; an idempotency key makes that safe.",
  },
  Q_STOPPING: {
    retryable: "yes",
    fix: "Send it to another process, or again when this one is back; an idempotency key makes that safe.",
  },
  Q_QUERY_UNKNOWN: {
    retryable: "no",
    fix: "The message lists the names that there are.",
  },
  Q_IN_DOUBT: {
    retryable: "sometimes",
    fix: "With an idempotency key, send the command again with the same key: it has its effect once, and you get its first answer. Without a key, look at the saga's state before you send it again.",
  },
  Q_PARKED_UNKNOWN: {
    retryable: "no",
    fix: "It was fixed already, or the participant or the id is another: `quadrille parked` lists them.",
  },
  Q_PARKED_REFUSED: {
    retryable: "no",
    fix: "The message says why: it goes on by itself, or its entity waits for it and nothing else would come.",
  },
  Q_PARKED_FULL: {
    retryable: "no",
    fix: "Only their keys wait; everything else goes on. So many are a sign that a handler or another system is broken: fix the cause, then redrive or discard them.",
  },
  Q_DATA_FOLDER_BUSY: {
    retryable: "no",
    fix: "Stop the process that the message names, or use another folder.",
  },
  Q_FOLDER_UNUSABLE: {
    retryable: "no",
    fix: "The message has the system's reason: name another folder, or fix the permissions of this one.",
  },
  Q_PACKAGE_MISSING: {
    retryable: "no",
    fix: "The message names the package: `npm install` it. `quadrille/postgres` needs `pg`; `quadrille/pglite` needs `@electric-sql/pglite` and `pg`; the library itself needs neither.",
  },
};

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

/**
 * Thrown by an activity: another attempt cannot help. The engine goes by its code, so that any error with it
 * will do.
 */
export class NonRetryableError extends QuadrilleError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super("Q_NON_RETRYABLE", message, options);
    this.name = "NonRetryableError";
  }
}

/** Whether `error` is an operating error, by its code. */
export function isQuadrilleError(error: unknown): error is QuadrilleError {
  try {
    if (!(error instanceof Error) || !("code" in error)) return false;
    return typeof error.code === "string" && Object.hasOwn(errorCodes, error.code);
  } catch {
    return false; // a getter that throws, or a proxy
  }
}

/**
 * What a thrown value says. A service's code and the libraries that it calls may throw anything: a message
 * that is a list, an object without a prototype, a getter that throws. This never throws.
 */
export function thrownText(thrown: unknown): string {
  try {
    const text: unknown = hasMessage(thrown) ? thrown.message : thrown;
    return String(typeof text === "object" && text !== null ? JSON.stringify(text) : text);
  } catch {
    return "a value that has no text";
  }
}

function hasMessage(thrown: unknown): thrown is { readonly message: unknown } {
  return typeof thrown === "object" && thrown !== null && "message" in thrown;
}

/** Stops on a programmer's error. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
