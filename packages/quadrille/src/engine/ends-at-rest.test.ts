// One meaning of an end: a declared combination of states at rest, as in the checker. It is reported before
// callers hear of a later state, and an entity that sagas share counts as the saga has left it.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { gate, World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, defer, ignore, lock, on } from "../contract/reaction.ts";
import { activity, command, event } from "../contract/trigger.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import type { Engine } from "./message/api.ts";

const buy = command("buy");
const cancel = command("cancel");
const Bought = event("Bought");
const Cancelled = event("Cancelled");
const refund = activity("refund");
const order = participant("Order", {
  entity: "Order",
  initial: "none",
  states: {
    none: [on(buy, to("BOUGHT").emits(Bought))],
    BOUGHT: [on(cancel, to("CANCELLED").emits(Cancelled))],
    CANCELLED: [],
  },
});
const payment = participant("Payment", {
  entity: "Payment",
  initial: "none",
  states: {
    none: [on(Bought, to("PAID")), defer(Cancelled)],
    PAID: [on(Cancelled, to("REFUNDING"))],
    REFUNDING: lock([on(refund, to("REFUNDED"))]),
    REFUNDED: [ignore(Cancelled)],
  },
});
const shop = choreography("Shop", {
  participants: [order, payment],
  ends: { bought: { Order: "BOUGHT" }, cancelled: { Order: "CANCELLED" } },
});
const now = (): AbortSignal => AbortSignal.abort();
const never = (): AbortSignal => new AbortController().signal;

/** The end that `engine` gives at once, without waiting for one. */
async function endNow(here: World, engine: Engine, sagaId: string): Promise<string | undefined> {
  const caller = new AbortController();
  const asked = engine.saga(sagaId).ended({ signal: caller.signal });
  await here.calm();
  caller.abort();
  return (await asked)?.end;
}

describe("an end", () => {
  it("is none while a lock holds and a call is under way, and is reported when both are over", async () => {
    const refunded = gate();
    const services = [
      service(order),
      service(payment, { activities: { refund: () => refunded.opened.then(() => undefined) } }),
    ];
    await using here = new World({ choreography: shop, services });
    const engine = await here.start();
    const reported: string[] = [];
    engine.onEnd(({ end, states }) => reported.push(`${end} ${states["Payment"]}`));
    await engine.send(buy, { sagaId: "s" });
    await here.calm();
    expect(reported).toEqual(["bought PAID"]);
    await engine.send(cancel, { sagaId: "s" });
    await here.calm();
    expect(await here.states("s")).toEqual({ Order: "CANCELLED", Payment: "REFUNDING" });
    expect([reported.length, await endNow(here, engine, "s")]).toEqual([1, undefined]);
    refunded.open();
    expect(await engine.saga("s").ended({ signal: never() })).toMatchObject({
      end: "cancelled",
      states: { Payment: "REFUNDED" },
    });
    expect(reported).toEqual(["bought PAID", "cancelled REFUNDED"]);
  });

  it("is none while a message is under way to a participant that runs here or elsewhere", async () => {
    const services = [service(order), service(payment, { activities: { refund: async () => undefined } })];
    for (const running of [services, services.slice(0, 1)]) {
      await using here = new World({ choreography: shop, services });
      const engine = await here.start({ services: running });
      await engine.send(buy, { sagaId: "s" });
      await here.calm();
      if (running.length === 1) {
        expect(await endNow(here, engine, "s")).toBe(undefined);
        await here.start();
        await here.calm();
        await here.pass(5_000);
      }
      expect(await endNow(here, engine, "s")).toBe("bought");
    }
  });

  it("is none while a message of the saga is parked", async () => {
    const services = [
      service(order),
      service(payment, {
        handlers: {
          none: {
            Bought: () => {
              throw new Error("no account");
            },
          },
        },
        activities: { refund: async () => undefined },
      }),
    ];
    await using here = new World({ choreography: shop, services });
    const engine = await here.start({ limits: { attemptsMax: 1 } });
    await engine.send(buy, { sagaId: "s" });
    await here.calm();
    expect(await here.parked("Payment")).toHaveLength(1);
    expect(await endNow(here, engine, "s")).toBe(undefined);
    const second = await here.start({ limits: { attemptsMax: 1 } });
    expect(await endNow(here, second, "s")).toBe(undefined);
    await here.operate("Payment", () => ({ discard: "no account" }));
    await here.pass(5_000);
    expect(await endNow(here, second, "s")).toBe("bought");
  });

  it("is none while a deadline is armed", async () => {
    const place = command("place");
    const pay = command("pay");
    const bill = participant("Bill", {
      entity: "Bill",
      initial: "none",
      states: {
        none: [on(place, to("UNPAID"))],
        UNPAID: [on(pay, to("PAID")), after("15m", to("EXPIRED"))],
        PAID: [],
        EXPIRED: [],
      },
    });
    const billing = choreography("Billing", {
      participants: [bill],
      ends: { settled: { Bill: ["PAID", "EXPIRED", "UNPAID"] } },
    });
    await using here = new World({ choreography: billing, services: [service(bill)] });
    const engine = await here.start();
    await engine.send(place, { sagaId: "s" });
    expect(await endNow(here, engine, "s")).toBe(undefined);
    await here.pass(900_000);
    expect(await endNow(here, engine, "s")).toBe("settled");
  });

  it("is known at once where another process takes the last message, and that has no effect", async () => {
    const ask = command("ask");
    const [Asked, Answered, Thanked] = [event("Asked"), event("Answered"), event("Thanked")];
    const asker = participant("Asker", {
      entity: "Question",
      initial: "none",
      states: {
        none: [on(ask, to("ASKING").emits(Asked))],
        ASKING: lock([on(Answered, to("KNOWS").emits(Thanked))]),
        KNOWS: [],
      },
    });
    const clerk = participant("Clerk", {
      entity: "Form",
      initial: "none",
      states: { none: [on(Asked, to("FILED").emits(Answered))], FILED: [ignore(Thanked)] },
    });
    const asking = choreography("Asking", {
      participants: [asker, clerk],
      ends: { answered: { Asker: "KNOWS", Clerk: "FILED" } },
    });
    await using here = new World({ choreography: asking, services: [] });
    const first = await here.start({ services: [service(asker)] });
    await here.start({ services: [service(clerk)] });
    const reported: string[] = [];
    first.onEnd(({ sagaId, end }) => void reported.push(`${sagaId} ${end}`));
    await here.calm();
    await first.send(ask, { sagaId: "s" });
    const waited = first.saga("s").ended({ signal: never() });
    // No time passes: this process was notified.
    for (let nth = 0; nth < 10; nth += 1) await here.calm();
    expect(reported).toEqual(["s answered"]);
    expect(await waited).toMatchObject({ end: "answered" });
  });

  it("is the one after an accepted command, never the one before it", async () => {
    const services = [service(order), service(payment, { activities: { refund: async () => undefined } })];
    await using here = new World({ choreography: shop, services, database: memoryDatabase() });
    const engine = await here.start();
    for (const sagaId of ["a", "b", "c"]) {
      await engine.send(buy, { sagaId });
      await here.calm();
      await engine.send(cancel, { sagaId });
      expect((await engine.saga(sagaId).ended({ signal: never() }))?.end).toBe("cancelled");
    }
  });

  it("that names an entity which sagas share goes by the state to which the saga has led it", async () => {
    const Wish = z.object({ sku: z.string() });
    const ask = command("ask", Wish);
    const Asked = event("Asked", Wish);
    const Had = event("Had");
    const by = ({ sku }: { readonly sku: string }): string => sku;
    const asker = participant("Asker", {
      entity: "Wish",
      initial: "none",
      states: { none: [on(ask, to("WAITS").emits(Asked))], WAITS: lock([on(Had, to("DONE"))]), DONE: [] },
    });
    const stock = participant("Stock", {
      entity: "Stock",
      initial: "none",
      states: {
        none: [on(Asked, to("KNOWN").emits(Had), { by })],
        KNOWN: [on(Asked, to("KNOWN").emits(Had), { by })],
      },
    });
    const wishing = choreography("Wishing", {
      participants: [asker, stock],
      ends: { done: { Asker: "DONE", Stock: "KNOWN" } },
    });
    const services = [
      service(asker, { handlers: { none: { ask: ({ payload: wish, choose }) => choose({ Asked: wish }) } } }),
      service(stock),
    ];
    await using here = new World({ choreography: wishing, services });
    const engine = await here.start();
    for (const sagaId of ["a", "b"]) {
      await engine.send(ask, { sku: "x" }, { sagaId });
      expect(await engine.saga(sagaId).ended({ signal: never() })).toMatchObject({
        end: "done",
        states: { Stock: "KNOWN" },
      });
    }
    const second = await here.start();
    expect(await second.saga("a").ended({ signal: never() })).toMatchObject({
      end: "done",
      states: { Stock: "KNOWN" },
    });
    expect(await second.saga("unknown").ended({ signal: now() })).toBe(undefined);
  });
});
