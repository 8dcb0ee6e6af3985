// What every connection of the engine is set to. Plans are pinned: each of the engine's statements has one good plan, by
// the key's index, and a plan made while the tables were empty must not be another one. Without this `update … from
// unnest` was bimodal by a factor of two, and a generic plan from the first minute was a trap.
import type { ClientBase } from "pg";

const pinned = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"];

/** Sets up a new connection; the pool waits for it before it hands the connection out. */
export function startSession(client: ClientBase): unknown {
  return client.query(sessionSettings);
}

const sessionSettings = [
  ...pinned.map((setting) => `set ${setting} = off`),
  // The arrays' lengths are no reason for another plan, and planning a flush costs more than running a small one.
  "set plan_cache_mode = force_generic_plan",
  // A transaction can only idle when its process hangs (SIGSTOP, a handler that never returns): it gives its lane back.
  "set idle_in_transaction_session_timeout = '60s'",
].join("; ");

/** Opens the transaction of `transact` handlers: their own statements are planned as usual. */
export const beginForHandlers: string = [
  "begin",
  ...pinned.map((setting) => `set local ${setting} = on`),
  "set local plan_cache_mode = auto",
].join("; ");

/** Before the flush in such a transaction: it may be the first of its kind here, and its plan stays. */
export const pinPlansAgain: string = [
  ...pinned.map((setting) => `set local ${setting} = off`),
  "set local plan_cache_mode = force_generic_plan",
].join("; ");
