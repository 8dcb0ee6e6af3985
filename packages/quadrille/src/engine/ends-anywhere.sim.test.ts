// Ends that are reported while a saga goes on in several processes: each is one at which the saga has rested,
// and for a caller that has changed the saga, one after that.
import { describe, expect, it } from "vitest";
import { withHandler } from "../../test/with-handler.ts";
import { World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { type Service, service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { ignore, lock, on } from "../contract/reaction.ts";
import { compile } from "../contract/table.ts";
import { activity, command, event } from "../contract/trigger.ts";
import type { Database } from "../store/database.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import type { Engine, SagaEnd } from "./message/api.ts";
import { readSagaStates } from "./saga/saga-states.ts";
import { lookAtSagas } from "./saga/stored-under-way.ts";

const buy = command("buy");
const cancel = command("cancel");
const Bought = event("Bought");
const Cancelled = event("Cancelled");
const Paid = event("Paid");
const Repaid = event("Repaid");
const refund = activity("refund");
const order = participant("Order", {
  entity: "Order",
  initial: "none",
  states: {
    none: [on(buy, to("BUYING").emits(Bought)), ignore(Paid), ignore(Repaid)],
    BUYING: lock([on(Paid, to("BOUGHT")), ignore(Repaid)]),
    BOUGHT: [on(cancel, to("CANCELLED").emits(Cancelled)), ignore(Paid), ignore(Repaid)],
    CANCELLED: [on(buy, to("BUYING").emits(Bought)), ignore(Paid), ignore(Repaid)],
  },
});
const payment = participant("Payment", {
  entity: "Payment",
  initial: "none",
  states: {
    none: [on(Bought, to("PAID").emits(Paid)), ignore(Cancelled)],
    PAID: [on(Cancelled, to("REFUNDING")), ignore(Bought)],
    REFUNDING: lock([on(refund, to("none").emits(Repaid)), ignore(Cancelled)]),
  },
});
const mail = participant("Mail", {
  entity: "Letter",
  initial: "none",
  states: { none: [on(Paid, to("none")), on(Repaid, to("none")), ignore(Bought)] },
});
const shop = choreography("Shop", {
  participants: [order, payment, mail],
  ends: { bought: { Order: "BOUGHT", Payment: "PAID" }, cancelled: { Order: "CANCELLED", Payment: "none" } },
  commands: { buy: "unbounded", cancel: "unbounded" },
});
const tables = shop.participants.map(compile);
const sagas = ["a", "b", "c"];

/** A saga as it was after a commit. */
interface Snapshot {
  readonly sagaId: string;
  readonly states: string;
  readonly isAtRest: boolean;
}

function named(states: Readonly<Record<string, string>>): string {
  return shop.participants.map(({ name, initial }) => `${name} ${states[name] ?? initial}`).join(", ");
}

/** The database, which writes one round at a time and notes how its sagas are then. */
function noting(database: Database, history: Snapshot[]): Database {
  let before: Promise<unknown> = Promise.resolve();
  const note = async (round: Parameters<Database["flush"]>[0]): ReturnType<Database["flush"]> => {
    const written = await database.flush(round);
    const parts = await Promise.all(
      tables.map(async (table) => ({ table, store: await database.inspect({ name: table.name }) })),
    );
    const looked = await lookAtSagas(parts, sagas);
    const states = await readSagaStates(parts, sagas);
    for (const sagaId of sagas)
      history.push({
        sagaId,
        states: named(Object.fromEntries(states.get(sagaId) ?? [])),
        isAtRest: looked.get(sagaId)?.isUnderWay === false,
      });
    return written;
  };
  return {
    ...database,
    flush: (round) => {
      const noted = before.then(() => note(round));
      before = noted.catch(() => undefined);
      return noted;
    },
  };
}

function hasRested(history: readonly Snapshot[], { sagaId, states }: SagaEnd): boolean {
  return history.some((one) => one.isAtRest && one.sagaId === sagaId && one.states === named(states));
}

describe("an end", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "is one at which the saga has rested (seed %i)",
    async (seed) => {
      const history: Snapshot[] = [];
      const reports: { readonly end: SagaEnd; readonly from: number; readonly to: number }[] = [];
      const database = noting(memoryDatabase(), history);
      const random = (): number => here.ambient.random();
      const fails = () => {
        if (random() < 0.3) throw new Error("no stamps");
        return { outcome: "", payloads: {} };
      };
      const sleepy = service(payment, {
        activities: {
          refund: async () => {
            await here.ambient.clock.sleep(1_000 * random(), new AbortController().signal);
            return undefined;
          },
        },
      });
      const letters = ["Paid", "Repaid"].reduce<Service>(
        (one, trigger) => withHandler(one, { state: "none", trigger }, fails),
        service(mail),
      );
      const services = [service(order), sleepy, letters];
      const limits = { pollMs: 200, renewMs: 300, backoffMs: 20 };
      await using here = new World({ choreography: shop, services, database, limits, seed });
      const engines: Engine[] = [];
      const report = async (asked: Promise<SagaEnd | undefined>, from: number): Promise<void> => {
        const end = await asked;
        if (end !== undefined) reports.push({ end, from, to: history.length });
      };
      /** Two processes; the first one has the orders. */
      const start = async (): Promise<void> => {
        const [orders, payments, mails] = services.map((one) => [one]);
        const isMailFirst = random() < 0.5;
        const parts = [
          isMailFirst ? [orders, mails] : [orders],
          isMailFirst ? [payments] : [payments, mails],
        ];
        for (const part of parts) {
          const engine = await here.start({ services: part.flatMap((some = []) => some) });
          engine.onEnd((end) => void reports.push({ end, from: 0, to: history.length }));
          engines.push(engine);
        }
      };
      await start();
      const asked: Promise<void>[] = [];
      const given = new AbortController();
      for (let step = 0; step < 40; step += 1) {
        const sagaId = sagas[Math.floor(3 * random())] ?? "a";
        const owner = engines.at(-2);
        const from = history.length;
        const answer = await owner?.send(random() < 0.5 ? buy : cancel, { sagaId });
        const asker = engines.at(random() < 0.5 ? -1 : -2);
        if (asker !== undefined && answer?.status === "accepted") {
          asked.push(report(asker.saga(sagaId).ended({ signal: given.signal }), from));
        }
        await here.pass(Math.round(300 * random()));
        if (random() < 0.05) {
          for (const engine of engines.splice(0)) await here.stop(engine);
          await start();
        }
      }
      await here.pass(120_000);
      given.abort();
      await Promise.all(asked);
      // What is committed is read before it is noted.
      const wrong = reports.filter(
        ({ end, from, to }) => !hasRested(history.slice(from, to + sagas.length), end),
      );
      expect(wrong).toEqual([]);
      expect(reports.length).toBeGreaterThan(0);
      expect(await here.audit()).toEqual([]);
    },
  );
});
