// A saga that goes on in another process between the reads of one that looks at it: at whichever request that
// happens, what is seen is how it was before or after, and never an end that it has not come to, or one that
// nothing is expected of.
import { describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { ignore, lock, on } from "../contract/reaction.ts";
import { activity, command, event } from "../contract/trigger.ts";
import type { Database } from "../store/database.ts";
import { openOperations } from "./operations.ts";

const buy = command("buy");
const cancel = command("cancel");
const Bought = event("Bought");
const Paid = event("Paid");
const Cancelled = event("Cancelled");
const refund = activity("refund");
const order = participant("Order", {
  entity: "Order",
  initial: "none",
  states: {
    none: [on(buy, to("PENDING").emits(Bought)), ignore(Paid)],
    PENDING: lock([on(Paid, to("BOUGHT"))]),
    BOUGHT: [on(cancel, to("CANCELLED").emits(Cancelled)), ignore(Paid)],
    CANCELLED: [ignore(Paid)],
  },
});
const payment = participant("Payment", {
  entity: "Payment",
  initial: "none",
  states: {
    none: [on(Bought, to("PAID").emits(Paid)), ignore(Cancelled)],
    PAID: [on(Cancelled, to("REFUNDING"))],
    REFUNDING: lock([on(refund, to("REFUNDED"))]),
    REFUNDED: [ignore(Cancelled)],
  },
});
const shop = choreography("Shop", {
  participants: [order, payment],
  ends: { bought: { Order: "BOUGHT" }, cancelled: { Order: "CANCELLED" } },
});
const services = [
  service(order),
  service(payment, { activities: { refund: () => new Promise<undefined>(() => undefined) } }),
];

/** What an engine asks its stores of sagas. */
const ofSagas: ReadonlySet<unknown> = new Set(["load", "lastStates", "reading", "withParked", "reactionsOf"]);

/**
 * The database, whose stores call `at` with the number of each request, before it and after: of operators all
 * requests, of an engine those of sagas.
 */
function counted(database: Database, at: (request: number) => Promise<void>): Database {
  let requests = 0;
  const watch = <S extends object>(store: S, isCounted: (name: unknown) => boolean): S =>
    new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return async (...given: readonly unknown[]) => {
          if (isCounted(name)) await at((requests += 1));
          const answer: unknown = await Reflect.apply(method, target, given);
          if (isCounted(name)) await at((requests += 1));
          return answer;
        };
      },
    });
  return {
    ...database,
    inspect: async (place) => watch(await database.inspect(place), () => true),
    open: async (setup) => watch(await database.open(setup), (name) => ofSagas.has(name)),
  };
}

/** A saga whose order waits for its payment, which is away. */
async function pending(here: World): Promise<void> {
  const first = await here.start({ services: services.slice(0, 1) });
  await first.send(buy, { sagaId: "s" });
  await here.stop(first);
}

/** A saga whose order was cancelled, which its payment has not heard of yet. */
async function cancelled(here: World): Promise<void> {
  const both = await here.start();
  await both.send(buy, { sagaId: "s" });
  await here.calm();
  await here.stop(both);
  const first = await here.start({ services: services.slice(0, 1) });
  await first.send(cancel, { sagaId: "s" });
  await here.stop(first);
}

/**
 * Looks at a saga again and again, each time from its beginning: the first time it goes on at the first
 * request, and so forth, until a look comes to its end without.
 */
async function atEachRequest(
  begin: (here: World) => Promise<void>,
  look: (here: World, database: Database, request: number) => Promise<void>,
): Promise<void> {
  for (let request = 1, isReached = true; isReached; request += 1) {
    isReached = false;
    await using here = new World({ choreography: shop, services });
    await begin(here);
    const database = counted(here.database, async (nth) => {
      if (nth !== request) return;
      isReached = true;
      await here.start();
      await here.pass(600);
    });
    await look(here, database, request);
  }
}

describe("a saga that goes on while it is looked at", () => {
  it("to its end, is under way, with what it waits for, or has ended", async () => {
    await atEachRequest(pending, async (_, database, request) => {
      const operations = await openOperations({ choreography: shop, database });
      const { end, states, expected = [] } = (await operations.saga("s")) ?? {};
      const coming = expected.filter(({ kind }) => kind !== "answer");
      const seen = { end, states, isComing: coming.length > 0 };
      const ended = { end: "bought", states: { Order: "BOUGHT", Payment: "PAID" }, isComing: false };
      expect(seen, `at request ${request}`).toEqual(end === undefined ? { ...seen, isComing: true } : ended);
    });
  });

  it("to a lock, has no end in a report", async () => {
    await atEachRequest(cancelled, async (_, database, request) => {
      const operations = await openOperations({ choreography: shop, database });
      expect((await operations.saga("s"))?.end, `at request ${request}`).toBe(undefined);
    });
  });

  it("to a lock, has no end in a list", async () => {
    await atEachRequest(cancelled, async (_, database, request) => {
      const operations = await openOperations({ choreography: shop, database });
      const [listed] = await operations.sagas({ limit: 1 });
      expect(listed?.end, `at request ${request}`).toBe(undefined);
    });
  });

  it("to a lock, has no end for a caller", async () => {
    await atEachRequest(cancelled, async (here, database, request) => {
      const engine = await here.start({ services: services.slice(0, 1), database });
      const caller = new AbortController();
      const ended = engine.saga("s").ended({ signal: caller.signal });
      await here.pass(1_000);
      caller.abort();
      expect(await ended, `at request ${request}`).toBe(undefined);
    });
  });
});
