// What a driver's error means: the end of a flush, or an operating error that says what to do next.
import { type ErrorCode, isQuadrilleError, QuadrilleError } from "../../../errors.ts";
import type { FlushResult } from "../../store.ts";

/** The fields of a driver's error: PostgreSQL's own, or a system call's code. */
interface DriverError {
  readonly code: string;
  readonly table: string | undefined;
  readonly message: string;
}

/** The result of a flush that failed with `error`; `undefined` if the error has another cause. */
export function flushResult(error: unknown): Exclude<FlushResult, "committed"> | undefined {
  const { code, table } = driverError(error);
  switch (code) {
    case "QD001": // raised by settle()
    case "40001": // serialization_failure, where the service's database defaults to a stricter isolation
    case "40P01": // deadlock_detected: `transact` handlers lock in an order of their own
      return "overtaken";
    case "23505": // unique_violation
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
  const said = message === "" ? code : message;
  return new QuadrilleError(kind, `${label}: ${said}${code === "" ? "" : ` (${code})`}. ${advice}`, {
    retryable,
    cause: error,
  });
}

/**
 * Like {@link storeError}, for a flush: where the rows themselves are refused it is `Q_WRITE_REFUSED`, and
 * known that they will be again.
 */
export function writeError(error: unknown, label: string): unknown {
  const { code, message } = driverError(error);
  // A text that is too long for this program never comes to the database.
  if (!(error instanceof RangeError) && !isRefusedRow(code, message)) return storeError(error, label);
  const said = `${label}: ${message}${code === "" ? "" : ` (${code})`}`;
  return new QuadrilleError(
    "Q_WRITE_REFUSED",
    `${said}. What was to be written is refused, and would be again.`,
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
      "The database user lacks a right. Grant it, or start once as a user that has it: the tables are made then.";
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
 * Whether the database refuses the rows themselves: invalid data (class 22), constraints (23), program limits
 * (54), and errors raised by a user's trigger.
 */
function isRefusedRow(code: string, message: string): boolean {
  return /^(22|23|54|P0)/.test(code) || /invalid memory alloc request size/.test(message);
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
  if (!(error instanceof Error)) return { code: "", table: undefined, message: String(error) };
  // Node tries every address of a host and reports all failures in one.
  const told: unknown = error instanceof AggregateError && error.message === "" ? error.errors[0] : error;
  const message = told instanceof Error ? told.message : error.message;
  return { code: text(error, "code") ?? "", table: text(error, "table"), message };
}

function text(error: object, field: string): string | undefined {
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" ? value : undefined;
}
