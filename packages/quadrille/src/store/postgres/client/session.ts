// The settings of every connection of the engine. Plans are pinned: each of the engine's statements has one
// good plan, by the key's index, and a plan made while the tables were empty must not be another one. Flushes
// of 10 took 85 µs of the database's time a row like this and 215 without; `update … from unnest` was bimodal
// by a factor of two.
import type { ClientBase } from "pg";
import { invariant } from "../../../errors.ts";
import type { Session } from "./liveness.ts";

const pinned = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_memoize"];

/** The longest wait of a flush for a lock. Other processes hold the lane's for a few milliseconds. */
const lockMsMax = 5_000;

/** The longest that a transaction of the engine's own statements is idle. */
const idleMsMax = 5_000;

/** Sets up a new connection, and says which session of the server it has. */
export async function startSession(client: ClientBase): Promise<Session> {
  await client.query(sessionSettings);
  return sessionOf(client);
}

/** The session of the server that a connection has. */
export async function sessionOf(client: ClientBase): Promise<Session> {
  const { rows } = await client.query<Session>(
    "select pid, backend_start::text as began from pg_stat_activity where pid = pg_backend_pid()",
  );
  const [session] = rows;
  invariant(session !== undefined, "a session does not see itself");
  return session;
}

/**
 * A limit that the database sets for all transactions would end the session of a batch, with the work of all
 * its messages. PostgreSQL 16 has no such setting.
 */
function withoutTransactionLimit(isLocal: boolean): string {
  return `select case when current_setting('server_version_num')::int >= 170000 then set_config('transaction_timeout', '0', ${isLocal}) end`;
}

/** What the engine's own statements run with. */
const settings = [
  ...pinned.map((setting) => `set ${setting} = off`),
  // The arrays' lengths are no reason for another plan, and planning costs more than running a small flush:
  // flushes of 1 took 410 µs like this and 660 with `auto`.
  "set plan_cache_mode = force_generic_plan",
  // Up to PostgreSQL 17 a disabled kind of scan looks expensive enough to be compiled, which takes longer
  // than running it.
  "set jit = off",
  // A table that another session has locked holds up its own participant; those in the same round go on
  // without it after this.
  `set lock_timeout = '${lockMsMax}ms'`,
  // A client that is gone is noticed by the server's kernel as well, so that its locks do not stay. Ignored
  // where there is no TCP.
  "set tcp_keepalives_idle = 10",
  "set tcp_keepalives_interval = 5",
  "set tcp_keepalives_count = 3",
  // A transaction can only idle when its process hangs (SIGSTOP): it gives the lane's row back, as its
  // session gives the lane.
  `set idle_in_transaction_session_timeout = '${idleMsMax}ms'`,
  withoutTransactionLimit(false),
];

// PGlite has one session for all connections that its pool may open, and named statements outlive them there.
const sessionSettings = ["deallocate all", ...settings].join("; ");

/**
 * Ends what a service may have left in the session through a function. The driver's prepared statements stay.
 * `user` is whose session it is, where the server has not noted that.
 */
function forgotten(user: string | undefined): readonly string[] {
  return [
    "close all",
    "discard temp",
    "unlisten *",
    "select pg_advisory_unlock_all()",
    // These two are not among `all`.
    user === undefined ? "reset session authorization" : `set session authorization ${user}`,
    "reset role",
    "reset all",
  ];
}

const ofHandlers = [
  // A handler has its own time limit; this ends a transaction that it left behind, so that the connection is
  // free again.
  "set local statement_timeout = '30s'",
  // A handler may wait for something else meanwhile, for as long as its time limit says.
  "set local idle_in_transaction_session_timeout = '60s'",
  withoutTransactionLimit(true),
];

/**
 * Opens a transaction for a service's own statements: they are planned, and wait, as usual. The engine's
 * settings come back with {@link backToEngine}, or with a rollback.
 */
export const beginForService = "begin; reset all";

/** Where the transaction goes back to when a handler fails. */
const openPart = "savepoint quadrille_part";
const closePart = "release savepoint quadrille_part";

/**
 * The same, for handlers. A savepoint stands before each of them: it comes with the message before, for a
 * round trip of its own costs more than all that {@link afterHandler} does.
 */
export const beginForHandlers: string = [beginForService, ...ofHandlers, openPart].join("; ");

/**
 * After each handler: the session is as it was before, also for the other handlers of the transaction. `set`
 * and `reset` are refused before they are sent.
 */
export function afterHandler(user: string | undefined): string {
  return [...forgotten(user), ...ofHandlers, closePart, openPart].join("; ");
}

/** After a handler that failed. What it has set is undone with the savepoint; its advisory locks are not. */
export const afterFailedHandler: string = [
  "rollback to savepoint quadrille_part",
  "select pg_advisory_unlock_all()",
].join("; ");

/** At the end of such a transaction: the session is the engine's again. */
export const backToEngine: string = settings.join("; ");

/** Before the flush in such a transaction: it may be the first of its kind here, and its plan stays. */
export const beforeFlush: string = [closePart, backToEngine].join("; ");

/** After a service's own statement outside a handler. */
export function afterService(user: string | undefined): string {
  return [...forgotten(user), ...settings].join("; ");
}
