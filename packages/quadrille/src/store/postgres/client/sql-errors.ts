// What a driver's error means: the end of a flush, or an operating error that says what to do next.
import { type ErrorCode, isQuadrilleError, QuadrilleError, thrownText } from "../../../errors.ts";
import type { FlushResult } from "../../store.ts";

/** The fields of a driver's error: PostgreSQL's own, or a system call's code. */
interface DriverError {
  readonly code: string;
  /** The server reports it, with a SQLSTATE as its code. */
  readonly isOfServer: boolean;
  /** The function of the server that reports it. */
  readonly routine: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly message: string;
}

/**
 * The result of a flush into `schema`, a quoted identifier, that failed with `error`; `undefined` if the
 * error has another cause.
 */
export function flushResult(error: unknown, schema: string): Exclude<FlushResult, "committed"> | undefined {
  const first = driverError(error);
  const { code, table } = first;
  if (isRaised(first)) return undefined;
  switch (code) {
    case "QD001": // raised by settle()
    case "40001": // serialization_failure, where the service's database defaults to a stricter isolation
    case "40P01": // deadlock_detected: `transact` handlers lock in an order of their own
      return "overtaken";
    case "23505": // unique_violation
      // A service's own table may have the same name.
      if (`"${first.schema?.replaceAll('"', '""')}"` !== schema) return undefined;
      if (table === "answer") return "repeated";
      return table === "entity" || table === "journal" ? "overtaken" : undefined;
    default:
      return undefined;
  }
}

/**
 * What to throw for `error`: the operating error where a driver raised it, itself where it is one already,
 * and itself where it is a programmer's error. `label` names the database.
 */
export function storeError(error: unknown, label: string): unknown {
  if (isQuadrilleError(error)) return error;
  const { code, message } = driverError(error);
  if (code === "" && !isUnreachable(code, message)) return error;
  const { kind, retryable, advice } = meaning(code, message);
  const text = message === "" ? code : message;
  return new QuadrilleError(kind, `${label}: ${text}${code === "" ? "" : ` (${code})`}. ${advice}`, {
    retryable,
    cause: error,
  });
}

/**
 * Like {@link storeError}, for a flush or the commit of one: where the rows themselves are refused it is
 * `Q_WRITE_REFUSED`, and known that they will be again.
 */
export function writeError(error: unknown, label: string): unknown {
  const first = driverError(error);
  const { code, message } = first;
  // A text that is too long for this program never comes to the database.
  if (!(error instanceof RangeError) && !isRefusedRow(first)) return storeError(error, label);
  const text = `${label}: ${message}${code === "" ? "" : ` (${code})`}`;
  return new QuadrilleError(
    "Q_WRITE_REFUSED",
    `${text}. What was to be written is refused, and would be again.`,
    {
      cause: error,
    },
  );
}

interface Meaning {
  readonly kind: ErrorCode;
  readonly retryable: boolean;
  readonly advice: string;
}

function meaning(code: string, message: string): Meaning {
  if (isUnreachable(code, message)) {
    const advice = "Check that the database runs and that the address is right; the call may be repeated.";
    return { kind: "Q_STORE_UNREACHABLE", retryable: true, advice };
  }
  if (code === "42501") {
    const advice =
      "The database user lacks a privilege. Grant it, or start once as a user that has it: the tables are made then.";
    return { kind: "Q_STORE_FAILED", retryable: false, advice };
  }
  if (code.startsWith("28") || code === "3D000") {
    const advice =
      code === "3D000"
        ? "Correct the name of the database in its address, or make it: `create database NAME`."
        : "The server does not let this user in: correct user and password in the address of the database.";
    return { kind: "Q_STORE_FAILED", retryable: false, advice };
  }
  if (code === "55P03" || code === "57014" || code.startsWith("53") || code.startsWith("40")) {
    const advice =
      "The database is short of something (a lock, time, space, connections); the call may be repeated.";
    return { kind: "Q_STORE_FAILED", retryable: true, advice };
  }
  const advice = "The statement was not run. The cause of this error says where it failed.";
  return { kind: "Q_STORE_FAILED", retryable: false, advice };
}

/**
 * The classes of errors that are not about the rows: what the server cannot do now, or in this place at all.
 * Everything else refuses the rows: constraints, invalid data, limits, a trigger with a code of its own.
 */
const classesOfPlace = new Set([
  "08", // connection
  "0A", // feature that is not there, such as a plan that is out of date
  "25", // state of the transaction: read-only, idle for too long
  "26", // prepared statement that is gone
  "28", // authorization
  "3B", // savepoint
  "3D", // database that is not there
  "3F", // schema that is not there
  "40", // rollback: conflict with another transaction
  "42", // tables, columns, rights
  "53", // short of space, memory, connections
  "55", // lock that is not to be had
  "57", // operator: shutdown, cancelled statement
  "58", // system error
  "F0", // configuration
  "HV", // another server behind a foreign table
  "QD", // the migrations' own
  "XX", // internal error
]);

/** Whether the database refuses the rows themselves. */
function isRefusedRow(error: DriverError): boolean {
  const { code, isOfServer, message, routine } = error;
  if (!isOfServer) return false;
  if (isRaised(error) || routine === "ExecWithCheckOptions") return true; // the latter: row-level security
  return !classesOfPlace.has(code.slice(0, 2)) || /invalid memory alloc request size/.test(message);
}

/** Whether a function of a service, such as a trigger, has raised it: with a code of its choice. */
function isRaised({ code, routine }: DriverError): boolean {
  return routine === "exec_stmt_raise" && !code.startsWith("QD");
}

/**
 * Class 08 is about connections, 57P about shutdown; the rest are system calls and the driver's own words.
 */
function isUnreachable(code: string, message: string): boolean {
  const bySystem = [
    "ECONNREFUSED",
    "ECONNRESET",
    "EPIPE",
    "ETIMEDOUT",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
  ];
  const byDriver =
    /connection terminated|timeout exceeded when trying to connect|not queryable|connection ended|client was closed/i;
  return (
    code.startsWith("08") ||
    code.startsWith("57P") ||
    bySystem.includes(code) ||
    (code === "" && byDriver.test(message))
  );
}

function driverError(error: unknown): DriverError {
  if (!(error instanceof Error)) return { ...unknown, message: thrownText(error) };
  // Node tries every address of a host and reports all failures in one.
  const first: unknown = error instanceof AggregateError && error.message === "" ? error.errors[0] : error;
  const message = thrownText(first instanceof Error ? first : error);
  const [routine, schema, table] = [text(error, "routine"), text(error, "schema"), text(error, "table")];
  const isOfServer = text(error, "severity") !== undefined;
  return { code: text(error, "code") ?? "", isOfServer, routine, schema, table, message };
}

const unknown = { code: "", isOfServer: false, routine: undefined, schema: undefined, table: undefined };

/** Errors of a service's handlers come here too, and a getter of theirs may throw. */
function text(error: object, field: string): string | undefined {
  try {
    const value: unknown = Reflect.get(error, field);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
