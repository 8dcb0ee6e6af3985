// The walls around a `transact` handler: its transaction closes with it, the engine waits for the queries
// that it began, it may not end the transaction or change the session, it has a time limit, and it cannot
// send to where its command would wait for it.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../ambient/ambient.ts";
import type { Transaction } from "../../contract/handler.ts";
import { QuadrilleError } from "../../errors.ts";
import type { Database } from "../../store/database.ts";
import type { TransactScope } from "../../store/store.ts";
import { controlWord } from "./sql-control.ts";

/** Where a handler runs, and for how long it may. */
export interface Walls {
  readonly database: HandlersDatabase;
  readonly participant: string;
  readonly clock: Clock;
  readonly transactMsMax: number;
}

/** The database of a handler's transaction, as an engine was given it. */
export type HandlersDatabase = Pick<Database, "hasOneConnection">;

interface Inside {
  readonly database: HandlersDatabase;
  readonly participant: string;
  isOpen: boolean;
}

const inside = new AsyncLocalStorage<Inside>();

/** Where a command goes that is sent from within a handler. */
interface Destination {
  readonly participant: string;
  /** Whether it has `transact` handlers too. */
  readonly transacts: boolean;
}

/**
 * Throws `Q_SEND_IN_HANDLER` in a `transact` handler that sends to a participant with such handlers, its own
 * included: they take turns at the connections, and where all that have one wait for an answer, none comes.
 * And in any handler that has the database's one connection.
 */
export function refuseSendInside(database: HandlersDatabase, { participant, transacts }: Destination): void {
  const place = inside.getStore();
  if (place?.isOpen !== true || place.database !== database) return;
  if (!transacts && database.hasOneConnection !== true) return;
  const others = transacts
    ? ", which has `transact` handlers too,"
    : ", with the only connection to the database,";
  const to = place.participant === participant ? `${participant} itself` : `${participant}${others}`;
  throw new QuadrilleError(
    "Q_SEND_IN_HANDLER",
    `A handler of ${place.participant} sends a command to ${to} and would wait for itself. Emit an event instead.`,
  );
}

/**
 * Runs a handler on `transaction`. Resolves with its result once every query that it began has ended.
 * Rejects with `Q_HANDLER_TIMED_OUT` after its time, when its queries were interrupted; its queries reject
 * with `Q_TRANSACTION_CONTROL` where they would begin or end a transaction, and with `Q_TRANSACTION_CLOSED`
 * once the handler has ended.
 */
export async function withinWalls<T>(
  { clock, transactMsMax, ...where }: Walls,
  { transaction, interrupt }: Pick<TransactScope, "transaction" | "interrupt">,
  run: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const place: Inside = { ...where, isOpen: true };
  const walled = wall(transaction, place);
  const done = new AbortController();
  const toItsEnd = async (): Promise<T> => {
    try {
      return await run(walled.transaction);
    } finally {
      place.isOpen = false;
      await walled.settled();
    }
  };
  try {
    const work = inside.run(place, toItsEnd);
    // If it fails after the time limit, no caller is left to handle it.
    work.catch(() => undefined);
    return await Promise.race([work, tooLate(clock, transactMsMax, done.signal)]);
  } catch (error) {
    place.isOpen = false;
    await stopped(walled, clock, interrupt);
    throw error;
  } finally {
    done.abort("answered");
  }
}

/** How often the statements of a handler that is too late are interrupted. */
const interruptMs = 50;

/** Ends the queries that are under way, or waits for them where they cannot be interrupted. */
async function stopped(
  walled: Walled,
  clock: Clock,
  interrupt: (() => Promise<void>) | undefined,
): Promise<void> {
  while (walled.isBusy()) {
    const over = new AbortController();
    const settled = walled
      .settled()
      .catch(() => undefined)
      .then(() => over.abort("settled"));
    if (interrupt === undefined) return settled;
    // Where the server cannot be asked, it is asked again.
    await interrupt().catch(() => undefined);
    await clock.sleep(interruptMs, over.signal);
  }
}

/** Rejects after the time; never settles when `done` comes first. */
async function tooLate(clock: Clock, limitMs: number, done: AbortSignal): Promise<never> {
  await clock.sleep(limitMs, done);
  if (done.aborted) return new Promise(() => undefined);
  const message = `The handler did not end within ${limitMs} ms.`;
  throw new QuadrilleError("Q_HANDLER_TIMED_OUT", message, { retryable: true });
}

interface Walled {
  /** It works while the place is open. */
  readonly transaction: Transaction;
  /** Whether a query is under way. */
  readonly isBusy: () => boolean;
  /** Resolves when no query is under way. Rejects with the error of one that failed. */
  readonly settled: () => Promise<void>;
}

function wall(transaction: Transaction, place: Inside): Walled {
  const begun: Promise<unknown>[] = [];
  let underWay = 0;
  return {
    isBusy: () => underWay > 0,
    transaction: {
      query: (text, values) => {
        const answer = place.isOpen ? ask(transaction, text, values) : Promise.reject(closed());
        underWay += 1;
        // A query that is not awaited must not end the process when it fails.
        void answer.catch(() => undefined).then(() => (underWay -= 1));
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
