// Participants whose entity sagas share: explored with two sagas, and each deadline and call acts for one of
// them.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { choreography } from "../contract/choreography.ts";
import type { ChoreographyJson, StateJson } from "../contract/json-form.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { lock, never, on } from "../contract/reaction.ts";
import { toJson } from "../contract/json/to-json.ts";
import { command, event } from "../contract/trigger.ts";
import { type CheckOptions, resolveBound } from "./model/bound.ts";
import { asPublished, reference } from "../../test/reference-choreographies.ts";
import { check, judge } from "./check.ts";

function errors(json: ChoreographyJson, options: CheckOptions = {}): readonly string[] {
  const { findings } = check(json, options);
  return findings.flatMap(({ code, severity, message }) =>
    severity === "error" ? [`${code} ${message}`] : [],
  );
}

/** A buyer asks a shop, which answers; what the shop's entity does in between is the test's. */
function shop(
  states: Readonly<Record<string, StateJson>>,
  more: Partial<ChoreographyJson["participants"]["x"]> = {},
) {
  return {
    name: "Shop",
    participants: {
      Buyer: {
        initial: "none",
        states: {
          none: { commands: { buy: [{ to: "waits", emit: ["Asked"] }] } },
          waits: { lock: true, on: { Answered: [{ to: "done" }] } },
          done: { on: { Answered: "never" } },
        },
      },
      Shop: { initial: "FREE", keyed: true, states, ...more },
    },
    commands: { buy: 1 },
    publicEvents: [],
    ends: [
      { name: "done", states: { Buyer: "done" } },
      { name: "nothing", states: { Buyer: "none" } },
    ],
    forbidden: [],
  } satisfies ChoreographyJson;
}

describe("a shared participant", () => {
  it("is explored with two sagas unless another number is asked for", () => {
    const json = shop({ FREE: { on: { Asked: [{ to: "FREE", emit: ["Answered"] }] } } });
    expect(check(json).bound).toMatchObject({ sagas: 2, shared: ["Shop"] });
    expect(check(json, { sagas: 1 }).bound).toMatchObject({ sagas: 1 });
    expect(check(json, { sagas: 3 }).bound).toMatchObject({ sagas: 3, shared: ["Shop"] });
  });

  it("is not advised to remove what a third saga reaches", () => {
    const answer = (to: string) => ({ on: { Asked: [{ to, emit: ["Answered"] }] } });
    const json = shop({
      FREE: answer("ONE"),
      ONE: answer("TWO"),
      TWO: answer("FULL"),
      FULL: answer("FULL"),
      LOST: {},
    });
    const dead = (options: CheckOptions) =>
      check(json, options).findings.flatMap(({ code, severity, message }) =>
        code === "P7" ? [`${severity}: ${message}`] : [],
      );
    const lost = "warning: Shop is never in LOST";
    expect(dead({})).toEqual([
      lost,
      "report: 2 parts of the contract are reached where 3 sagas share Shop (--sagas 3 explores it): Shop in FULL and Asked at Shop in TWO",
    ]);
    expect(dead({ sagas: 1 })).toContainEqual(expect.stringContaining("reached where 2 sagas share Shop"));
    expect(dead({ sagas: 4 })).toEqual([lost]);
  });

  it.each(["activities", "deadlines"] as const)("answers in its %s the saga that it took up", (key) => {
    const busy = { on: { Asked: "defer" as const }, [key]: { answer: [{ to: "FREE", emit: ["Answered"] }] } };
    const served = shop({ FREE: { on: { Asked: [{ to: "BUSY" }] } }, BUSY: busy });
    expect(errors(served)).toEqual([]);
    expect(errors(served, { reduce: "always" })).toEqual([]);
    // Of the same shop, a buyer that comes meanwhile is forgotten: only the first one is answered.
    const forgetful = shop({
      FREE: { on: { Asked: [{ to: "BUSY" }] } },
      BUSY: { ...busy, on: { Asked: "ignore" } },
    });
    expect(errors(forgetful).join("\n")).toMatch(/P5 Buyer stays locked in waits/);
  });

  it("begins in a state in which no saga has made it act", () => {
    const eager = shop({
      FREE: { on: { Asked: [{ to: "FREE", emit: ["Answered"] }] }, activities: { open: [{ to: "OPEN" }] } },
      OPEN: { on: { Asked: "never" } },
    });
    expect(errors(eager)).toEqual([]);
  });
});

describe("a stock of one that two buyers ask for (dotnet/eShop#888)", () => {
  const Item = z.object({ sku: z.string() });
  const by = (data: { readonly sku: string }): string => data.sku;
  const buy = command("buy", Item);
  const Validate = event("Validate", Item);
  const InStock = event("InStock");
  const SoldOut = event("SoldOut");
  const Paid = event("Paid", Item);
  const order = participant("Order", {
    entity: "Order",
    data: Item,
    initial: "none",
    states: {
      none: [on(buy, to("WAITS").emits(Validate))],
      WAITS: lock([on(InStock, to("PAID").emits(Paid)), on(SoldOut, to("REJECTED"))]),
      PAID: [],
      REJECTED: [],
    },
  });
  const ends = {
    nothing: { Order: "none" },
    paid: { Order: "PAID" },
    rejected: { Order: "REJECTED" },
  } as const;

  it("is sold twice where it is looked at first and taken later", () => {
    const stock = participant("Stock", {
      entity: "Stock",
      initial: "one",
      states: {
        one: [on(Validate, to("one").emits(InStock), { by }), on(Paid, to("zero"), { by })],
        zero: [on(Validate, to("zero").emits(SoldOut), { by }), on(Paid, to("OVERSOLD"), { by })],
        OVERSOLD: [on(Validate, to("OVERSOLD").emits(SoldOut), { by }), on(Paid, to("OVERSOLD"), { by })],
      },
    });
    const naive = choreography("Naive", {
      participants: [order, stock],
      ends,
      forbidden: { "never oversold": { Stock: "OVERSOLD" } },
    });
    expect(errors(toJson(naive)).join("\n")).toMatch(/P13 .*never oversold/);
  });

  it("is sold once where it is reserved, and the other order is rejected", () => {
    const stock = participant("Stock", {
      entity: "Stock",
      initial: "one",
      states: {
        one: [on(Validate, to("reserved").emits(InStock), { by }), never(Paid)],
        reserved: [on(Validate, to("reserved").emits(SoldOut), { by }), on(Paid, to("zero"), { by })],
        zero: [on(Validate, to("zero").emits(SoldOut), { by }), never(Paid)],
      },
    });
    expect(errors(toJson(choreography("Fixed", { participants: [order, stock], ends })))).toEqual([]);
  });
});

describe("sagas that share nothing", () => {
  const contract = reference("create-order-3-order-listens");
  const options = { ...asPublished, patches: false };

  it("are not multiplied: one is explored for all, with the verdict of the product", () => {
    const two = check(contract, { ...options, sagas: 2 });
    const one = check(contract, options);
    expect(two).toEqual({ ...one, bound: { ...one.bound, sagas: 2 }, alone: true });
    const product = judge(contract, resolveBound({ ...options, sagas: 2 }));
    const places = ({ findings }: Pick<typeof two, "findings">): string[] =>
      findings
        .flatMap(({ severity, code, at }) => (severity === "error" ? [`${code} ${at}`] : []))
        .toSorted();
    expect(product.exploration.space.states).toBe(one.states ** 2);
    expect(places(product)).toEqual(places(one));
  });

  it("are, where they share an entity or a budget of faults", () => {
    expect(check(contract, { ...options, sagas: 2, shared: ["Consumer"] }).alone).toBeUndefined();
    expect(check(contract, { ...options, sagas: 2, faults: { duplicate: 1 } }).alone).toBeUndefined();
  });
});
