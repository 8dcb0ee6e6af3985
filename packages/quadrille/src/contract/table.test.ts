// A participant as a table: joins expanded into partial states, one sentence per trigger, schemas, keys, what
// a state starts.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { to } from "./outcome.ts";
import { participant } from "./participant.ts";
import { after, defer, ignore, lock, never, on } from "./reaction.ts";
import { compile, partialState, triggerKey, type SentenceRow, type StateRow } from "./table.ts";
import { activity, all, command, event } from "./trigger.ts";

const Ordered = event("Ordered", z.object({ guestId: z.string() }));
const Verified = event("Verified");
const Ticketed = event("Ticketed");
const Rejected = event("Rejected");
const Charged = event("Charged", z.object({ cents: z.int() }));
const charge = activity("charge", z.object({ ok: z.boolean() }));
const refund = command("refund");

const till = participant("Till", {
  entity: "Bill",
  data: z.object({ cents: z.int() }),
  initial: "ABSENT",
  states: {
    ABSENT: [
      on(all(Ordered, Verified, Ticketed), to("CHARGING")),
      on(Rejected, to("FAILED")),
      never(Rejected, { once: [Verified, Ticketed] }),
    ],
    CHARGING: lock([
      on(charge, { ok: to("PAID").emits(Charged).tallies({ held: 1 }), no: to("FAILED") }),
      after("10s", to("FAILED"), "tooLate"),
      defer(Rejected),
    ]),
    PAID: [on(refund, to("FAILED").tallies({ held: -1 }))],
    FAILED: [ignore(Ordered), ignore(Verified), ignore(Ticketed), ignore(Rejected)],
  },
});
const table = compile(till);

function row(name: string): StateRow {
  const found = table.states.get(name);
  if (found === undefined) throw new Error(`no state ${name}`);
  return found;
}

function sentence(state: string, event: string): SentenceRow | undefined {
  return row(state).sentences.get(triggerKey("event", event));
}

function target(state: string, event: string): string | undefined {
  const found = sentence(state, event);
  return found?.kind === "reaction" ? [...found.outcomes.values()].map((one) => one.to).join() : found?.kind;
}

describe("a join", () => {
  const facts = ["Ordered", "Verified", "Ticketed"];

  it("becomes one partial state for every proper set of facts, named in the join's order", () => {
    expect([...table.states.keys()]).toEqual([
      "ABSENT",
      "ABSENT+Ordered",
      "ABSENT+Verified",
      "ABSENT+Ordered+Verified",
      "ABSENT+Ticketed",
      "ABSENT+Ordered+Ticketed",
      "ABSENT+Verified+Ticketed",
      "CHARGING",
      "PAID",
      "FAILED",
    ]);
    expect(row("ABSENT+Verified+Ticketed")).toMatchObject({
      base: "ABSENT",
      facts: ["Verified", "Ticketed"],
    });
  });

  it("remembers a new fact, completes with the last, and never sees one twice", () => {
    for (const { name, facts: seen, base } of table.states.values()) {
      for (const fact of base === "ABSENT" ? facts : []) {
        const next = facts.filter((one) => one === fact || seen.includes(one));
        const reached = next.length === 3 ? "CHARGING" : partialState("ABSENT", next);
        const wanted = seen.includes(fact) ? "never" : reached;
        expect([name, fact, target(name, fact)]).toEqual([name, fact, wanted]);
      }
    }
  });

  it("finds its handler under the state and the join's name, and only when it completes", () => {
    expect(sentence("ABSENT", "Ordered")).toMatchObject({ join: "waits", handler: undefined });
    expect(sentence("ABSENT+Verified+Ticketed", "Ordered")).toMatchObject({
      join: "completes",
      handler: { state: "ABSENT", trigger: "Ordered+Verified+Ticketed" },
    });
  });

  it("holds a lock from the first fact on", () => {
    expect(row("ABSENT").lock).toBe(false);
    expect([...table.states.values()].filter(({ facts }) => facts.length > 0).every(({ lock }) => lock)).toBe(
      true,
    );
  });

  it("keeps the state's other sentences in every partial state, and `once` from its facts on", () => {
    expect(target("ABSENT", "Rejected")).toBe("FAILED");
    expect(target("ABSENT+Ordered+Ticketed", "Rejected")).toBe("FAILED");
    expect(target("ABSENT+Verified+Ticketed", "Rejected")).toBe("never");
  });

  it("lets the author say what a second copy of a seen fact means", () => {
    const lenient = participant("Till", {
      entity: "Bill",
      initial: "ABSENT",
      states: {
        ABSENT: [on(all(Ordered, Verified), to("DONE")), ignore(Ordered)],
        DONE: [ignore(Ordered), ignore(Verified)],
      },
    });
    const partial = compile(lenient).states.get("ABSENT+Ordered");
    expect(partial?.sentences.get("event:Ordered")).toEqual({ kind: "ignore" });
    expect(partial?.sentences.get("event:Verified")).toMatchObject({ join: "completes" });
  });
});

describe("a state", () => {
  it("says what it starts when it is entered", () => {
    expect(row("CHARGING")).toMatchObject({
      lock: true,
      activity: "charge",
      deadlines: new Map([
        ["tooLate", { name: "tooLate", time: { kind: "delay", ms: 10_000 }, isTimeout: false }],
      ]),
    });
    expect(row("PAID")).toMatchObject({ lock: false, activity: undefined, deadlines: new Map() });
  });

  it("keeps named outcomes with their emissions and tallies", () => {
    const found = row("CHARGING").sentences.get(triggerKey("activity", "charge"));
    expect(found).toEqual({
      kind: "reaction",
      join: "none",
      handler: { state: "CHARGING", trigger: "charge" },
      outcomes: new Map([
        ["ok", { name: "ok", to: "PAID", emit: ["Charged"], tally: { held: 1 } }],
        ["no", { name: "no", to: "FAILED", emit: [], tally: {} }],
      ]),
    });
  });

  it("says `never` of subscribed events where the author says that of everything else", () => {
    expect(sentence("PAID", "Rejected")).toEqual({ kind: "never" });
    expect(
      compile({ ...till, otherwise: "omission" })
        .states.get("PAID")
        ?.sentences.get("event:Rejected"),
    ).toBeUndefined();
  });

  it("says nothing of commands it does not list", () => {
    expect(row("ABSENT").sentences.has(triggerKey("command", "refund"))).toBe(false);
  });
});

describe("the table", () => {
  it("knows what the participant takes and emits", () => {
    expect([...table.subscriptions.keys()].toSorted()).toEqual([
      "Ordered",
      "Rejected",
      "Ticketed",
      "Verified",
    ]);
    expect([...table.emitted]).toEqual(["Charged"]);
    expect([...table.commands.keys()]).toEqual(["refund"]);
  });

  it("keeps the schemas of everything that has data", () => {
    expect([...table.schemas.keys()].toSorted()).toEqual([
      "activity:charge",
      "event:Charged",
      "event:Ordered",
    ]);
    expect(table.data).toBe(till.data);
  });

  it("takes the key from the payload where a reaction says so", () => {
    const byGuest = participant("Guests", {
      entity: "Guest",
      initial: "KNOWN",
      states: { KNOWN: [on(Ordered, to("KNOWN"), { by: ({ guestId }) => guestId }), ignore(Rejected)] },
    });
    const { subscriptions } = compile(byGuest);
    expect(subscriptions.get("Ordered")?.({ guestId: "g1" } as never)).toBe("g1");
    expect(subscriptions.get("Rejected")).toBeUndefined();
    const visit = command("visit", z.object({ guestId: z.string() }));
    const { commands } = compile(
      participant("Guests", {
        entity: "Guest",
        initial: "KNOWN",
        states: { KNOWN: [on(visit, to("KNOWN"), { by: ({ guestId }) => guestId })] },
      }),
    );
    expect(commands.get("visit")?.({ guestId: "g1" } as never)).toBe("g1");
  });
});
