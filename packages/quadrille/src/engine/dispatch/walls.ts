// The walls around a `transact` handler: its transaction closes with it, the engine waits for the queries
// that it began, it may not end the transaction or change the session, it has a time limit, and it cannot
// send to the lane that waits for it.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../ambient/ambient.ts";
import type { Transaction } from "../../contract/handler.ts";
import { QuadrilleError } from "../../errors.ts";
import { controlWord } from "./sql-control.ts";

/** Where a handler runs, and for how long it may. */
export interface Walls {
  readonly participant: string;
  readonly lane: number;
  readonly clock: Clock;
  readonly transactMsMax: number;
}

interface Inside {
  readonly participant: string;
  readonly lane: number;
  isOpen: boolean;
}

const inside = new AsyncLocalStorage<Inside>();

/**
 * Throws `Q_SEND_IN_HANDLER` in a handler of the lane, because the lane takes nothing until the handler has
 * returned.
 */
export function refuseSendInside(participant: string, lane: number): void {
  const place = inside.getStore();
  if (place?.isOpen !== true || place.participant !== participant || place.lane !== lane) return;
  throw new QuadrilleError(
    "Q_SEND_IN_HANDLER",
    `A handler of ${participant} sends a command to ${participant} itself, and would wait for itself. Emit an event instead.`,
  );
}

/**
 * Runs a handler on `transaction`. Resolves with its result once every query that it began has ended. Rejects
 * with `Q_HANDLER_TIMED_OUT` after its time; its queries reject with `Q_TRANSACTION_CONTROL` where they would
 * begin or end a transaction, and with `Q_TRANSACTION_CLOSED` once the handler has ended.
 */
export async function withinWalls<T>(
  { participant, lane, clock, transactMsMax }: Walls,
  transaction: Transaction,
  run: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const place: Inside = { participant, lane, isOpen: true };
  const walled = wall(transaction, place);
  const done = new AbortController();
  try {
    const work = inside.run(place, async () => run(walled.transaction));
    // If it fails after the time limit, no caller is left to handle it.
    work.catch(() => undefined);
    return await Promise.race([work, tooLate(clock, transactMsMax, done.signal)]);
  } finally {
    place.isOpen = false;
    done.abort("answered");
    await walled.settled();
  }
}

/** Rejects after the time; never settles when `done` comes first. */
async function tooLate(clock: Clock, limitMs: number, done: AbortSignal): Promise<never> {
  await clock.sleep(limitMs, done);
  if (done.aborted) return new Promise(() => undefined);
  const message = `The handler did not end within ${limitMs} ms.`;
  throw new QuadrilleError("Q_HANDLER_TIMED_OUT", message, { retryable: true });
}

/**
 * A transaction that works while the place is open. `settled` rejects with the error of a query that failed.
 */
function wall(
  transaction: Transaction,
  place: Inside,
): { readonly transaction: Transaction; readonly settled: () => Promise<void> } {
  const begun: Promise<unknown>[] = [];
  return {
    transaction: {
      query: (text, values) => {
        const answer = place.isOpen ? ask(transaction, text, values) : Promise.reject(closed());
        // A query that is not awaited must not end the process when it fails.
        answer.catch(() => undefined);
        begun.push(answer);
        return answer;
      },
    },
    settled: async () => {
      const results = await Promise.allSettled(begun);
      const failed = results.find((result) => result.status === "rejected");
      // PostgreSQL takes no statement after an error, so the error cannot be ignored.
      if (failed !== undefined) throw failed.reason;
    },
  };
}

async function ask(
  transaction: Transaction,
  text: string,
  values: readonly unknown[] | undefined,
): ReturnType<Transaction["query"]> {
  const word = controlWord(text);
  if (word === undefined) return transaction.query(text, values);
  throw new QuadrilleError(
    "Q_TRANSACTION_CONTROL",
    `A handler may not use ${word}: its transaction and session are the engine's, and shared with the messages of its batch.`,
  );
}

function closed(): QuadrilleError {
  const message = "The transaction was used after its handler had ended. Await every query in the handler.";
  return new QuadrilleError("Q_TRANSACTION_CLOSED", message);
}
