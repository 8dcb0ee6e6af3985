// A deadline and the messages of its entity whose handlers fail in passing: those that were there before it
// go first, for as long as they are tried again.
import { describe, expect, it } from "vitest";
import { statusOf, World } from "../../test/engine-world.ts";
import { withHandler } from "../../test/with-handler.ts";
import { choreography } from "../contract/choreography.ts";
import type { Service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, ignore, on } from "../contract/reaction.ts";
import { activity, command, event } from "../contract/trigger.ts";
import { scriptedServices } from "../testing/scripted.ts";

const Paid = event("Paid");
const Noted = event("Noted");
const order = command("order");
const book = command("book");
const pay = command("pay");
const note = command("note");
const callBank = activity("callBank");

const shop = participant("shop", {
  entity: "Order",
  initial: "NEW",
  states: {
    NEW: [on(order, to("OPEN")), on(book, to("CALLING")), ignore(Paid), ignore(Noted)],
    OPEN: [on(Paid, to("PAID")), on(Noted, to("OPEN")), after("15m", to("EXPIRED"))],
    CALLING: [on(callBank, to("PAID")), ignore(Paid), ignore(Noted), after("15m", to("EXPIRED"))],
    PAID: [ignore(Paid), ignore(Noted)],
    EXPIRED: [ignore(Paid), on(Noted, to("EXPIRED"))],
  },
});
const customer = participant("customer", {
  entity: "Purse",
  initial: "NEW",
  states: { NEW: [on(pay, to("NEW").emits(Paid)), on(note, to("NEW").emits(Noted))] },
});
const sale = choreography("Sale", {
  participants: [shop, customer],
  ends: { paid: { shop: "PAID" }, expired: { shop: "EXPIRED" } },
});

const second = 1_000;
const minute = 60 * second;
/** The attempts take more than five minutes. */
const limits = { pollMs: 5 * second, backoffMs: 10 * second, attemptsMax: 16 };

/** What fails in passing while the test says so. */
interface Failing {
  readonly at: Set<"Paid" | "Noted" | "the bank" | "its result">;
}

function failingWorld({ at }: Failing, extra: Partial<World["options"]> = {}): World {
  const call = async () => {
    if (at.has("the bank")) throw new Error("the bank is away");
  };
  const [mine, ...others] = scriptedServices(sale, { choose: () => "", call });
  if (mine === undefined) throw new Error("the shop has a service");
  const broken = (what: "Paid" | "Noted" | "its result") => () => {
    if (at.has(what)) throw new Error(`${what} fails`);
    return { outcome: "", payloads: {} };
  };
  const handlers = [
    [{ state: "OPEN", trigger: "Paid" }, broken("Paid")],
    [{ state: "OPEN", trigger: "Noted" }, broken("Noted")],
    [{ state: "CALLING", trigger: "callBank" }, broken("its result")],
  ] as const;
  const shopService = handlers.reduce<Service>(
    (one, [place, handler]) => withHandler(one, place, handler),
    mine,
  );
  return new World({ choreography: sale, services: [shopService, ...others], limits, ...extra });
}

/** An order is open for 14 minutes and a half when an event comes, half a minute before its deadline. */
async function almostLate(here: World, sent: typeof pay | typeof note) {
  const engine = await here.start();
  const { sagaId } = await engine.send(order);
  await here.pass(14.5 * minute);
  await engine.send(sent, { sagaId });
  return { engine, sagaId };
}

/** The shop and its customers run in two processes. An order is open, and the shop's process has stopped. */
async function shopAway(here: World) {
  const [mine, others] = [here.options.services.slice(0, 1), here.options.services.slice(1)];
  const shopping = await here.start({ services: mine });
  const customers = await here.start({ services: others });
  const { sagaId } = await shopping.send(order);
  await here.stop(shopping);
  return { customers, sagaId, back: () => here.start({ services: mine }) };
}

async function reactions(here: World, sagaId: string): Promise<readonly string[]> {
  const timeline = await (await here.store("shop")).timeline(sagaId);
  return timeline.map(({ trigger }) => trigger);
}

describe("a deadline", () => {
  it.each(["in one process", "over a restart"])(
    "waits for an event that was there before it and is tried again, %s",
    async (how) => {
      const failing: Failing = { at: new Set(["Paid"]) };
      await using here = failingWorld(failing);
      const { engine, sagaId } = await almostLate(here, pay);
      await here.pass(5 * minute);
      expect(await here.states(sagaId)).toMatchObject({ shop: "OPEN" });
      if (how === "over a restart") {
        await here.stop(engine);
        await here.start();
        await here.pass(second);
        expect(await here.states(sagaId)).toMatchObject({ shop: "OPEN" });
      }
      failing.at.clear();
      await here.pass(3 * minute);
      expect(await here.states(sagaId)).toMatchObject({ shop: "PAID" });
      expect(await here.audit()).toEqual([]);
    },
  );

  it("does not wait for it any longer once it is dead, and the dead one meets the state after it", async () => {
    const failing: Failing = { at: new Set(["Paid"]) };
    await using here = failingWorld(failing);
    const { engine, sagaId } = await almostLate(here, pay);
    await here.until(() => statusOf(engine, "shop").parked.dead === 1);
    await here.calm();
    expect(await reactions(here, sagaId)).toEqual(["order", "after 15m"]);
    await here.operate("shop", () => ({ redrive: true }));
    await here.pass(minute);
    expect(await here.states(sagaId)).toMatchObject({ shop: "EXPIRED" });
    expect(await here.parked("shop")).toEqual([]);
  });

  it("waits for it also where it was read after the deadline, because the process was away", async () => {
    const failing: Failing = { at: new Set(["Paid"]) };
    await using here = failingWorld(failing);
    const { customers, sagaId, back } = await shopAway(here);
    await customers.send(pay, { sagaId });
    await here.pass(60 * minute);
    await back();
    await here.pass(20 * second);
    expect(await here.states(sagaId)).toMatchObject({ shop: "OPEN" });
    failing.at.clear();
    await here.pass(3 * minute);
    expect(await here.states(sagaId)).toMatchObject({ shop: "PAID" });
    expect(await here.audit()).toEqual([]);
  });

  it("goes before an event that was published after it, and waits behind one that is tried again", async () => {
    const failing: Failing = { at: new Set(["Noted"]) };
    await using here = failingWorld(failing);
    const { engine, sagaId } = await almostLate(here, note);
    await here.pass(minute);
    await engine.send(pay, { sagaId });
    await engine.send(note, { sagaId });
    failing.at.clear();
    await here.pass(3 * minute);
    expect(await reactions(here, sagaId)).toEqual(["order", "Noted", "after 15m", "Noted"]);
    expect(await here.parked("shop")).toEqual([]);
    expect(await here.audit()).toEqual([]);
  });

  it("is not held by an event that was published after it", async () => {
    const failing: Failing = { at: new Set(["Noted"]) };
    await using here = failingWorld(failing);
    const { customers, sagaId, back } = await shopAway(here);
    await here.pass(16 * minute);
    await customers.send(note, { sagaId });
    await back();
    await here.pass(second);
    expect(await reactions(here, sagaId)).toEqual(["order", "after 15m", "Noted"]);
  });

  it("goes, and what waited behind it follows, where an operator discards the event that it waited for", async () => {
    const failing: Failing = { at: new Set(["Noted"]) };
    await using here = failingWorld(failing);
    const { engine, sagaId } = await almostLate(here, note);
    await here.pass(minute);
    await engine.send(note, { sagaId });
    await here.operate("shop", ({ reason }) => (reason === "retrying" ? { discard: "a test" } : undefined));
    await here.pass(minute);
    expect(await reactions(here, sagaId)).toEqual(["order", "after 15m", "Noted"]);
    expect(await here.parked("shop")).toEqual([]);
  });

  it("waits for what a call came back with before it, whose handler is tried again", async () => {
    const failing: Failing = { at: new Set(["the bank", "its result"]) };
    await using here = failingWorld(failing);
    const engine = await here.start();
    const { sagaId } = await engine.send(book);
    await here.pass(13.5 * minute);
    failing.at.delete("the bank");
    await here.pass(5 * minute);
    expect(await here.states(sagaId)).toMatchObject({ shop: "CALLING" });
    failing.at.clear();
    await here.pass(3 * minute);
    expect(await here.states(sagaId)).toMatchObject({ shop: "PAID" });
    expect(await here.audit()).toEqual([]);
  });

  it("does not wait for a call that fails and is made again", async () => {
    const failing: Failing = { at: new Set(["the bank"]) };
    await using here = failingWorld(failing);
    const engine = await here.start();
    const { sagaId } = await engine.send(book);
    await here.pass(15 * minute);
    await here.calm();
    expect(await here.states(sagaId)).toMatchObject({ shop: "EXPIRED" });
  });
});
