// What every store promises, as cases that run against any of them: memory, PGlite, PostgreSQL, or one of
// your own. The cases know no test runner:
// `for (const { name, run } of storeConformance) it(name, () => run(subject))`.
import type { StoreCase, StoreSubject } from "./store-case.ts";
import { agendaCases } from "./store-conformance-agenda.ts";
import { doubtCases } from "./store-conformance-doubt.ts";
import { flushCases } from "./store-conformance-flush.ts";
import { inspectionCases } from "./store-conformance-inspection.ts";
import { orderCases } from "./store-conformance-order.ts";
import { parkedCases } from "./store-conformance-parked.ts";
import { requestCases } from "./store-conformance-requests.ts";
import { roundCases } from "./store-conformance-round.ts";
import { flushOne } from "./store-samples.ts";
import { timeCases } from "./store-conformance-time.ts";
import { transactCases } from "./store-conformance-transact.ts";

/** The subject of one case. Give each case another `participant`. */
export function storeSubject(given: Pick<StoreSubject, "database" | "participant" | "sql">): StoreSubject {
  return {
    ...given,
    open: (options = {}) =>
      given.database.open({
        name: options.name ?? given.participant,
        lanes: options.lanes ?? 2,
        sources: options.sources ?? ["order", "kitchen"],
      }),
    flush: (flush) => flushOne(given, flush),
  };
}

/** Every promise of a store. */
export const storeConformance: readonly StoreCase[] = [
  ...flushCases,
  ...doubtCases,
  ...roundCases,
  ...orderCases,
  ...requestCases,
  ...parkedCases,
  ...agendaCases,
  ...transactCases,
  ...inspectionCases,
  ...timeCases,
];
