// Every rule of well-formedness: a contract that breaks it, and its clean twin.
import { describe, expect, it } from "vitest";
import { assertWellFormed, wellFormed } from "./well-formed.ts";
import { wellFormedRules, type WellFormedCode } from "./well-formed-rules.ts";
import type { Choreography } from "./choreography.ts";
import { to } from "./outcome.ts";
import type { Participant, States } from "./participant.ts";
import { after, defer, ignore, lock, never, on, type Sentence } from "./reaction.ts";
import { activity, all, command, event, type Schema } from "./trigger.ts";

const Ordered = event("Ordered");
const Cooked = event("Cooked");
const Paid = event("Paid");
const place = command("place");
const bake = activity("bake");

// Malformed contracts do not compile, so they are built past the compiler, as the JSON form of others could be.
function party(name: string, states: States, more: Partial<Participant> = {}): Participant {
  const initial = Object.keys(states)[0] ?? "";
  return {
    kind: "participant",
    name,
    entity: name,
    data: undefined,
    initial,
    states,
    otherwise: undefined,
    ...more,
  };
}

function dance(participants: readonly Participant[], more: Partial<Choreography> = {}): Choreography {
  return {
    kind: "choreography",
    name: "Dinner",
    description: undefined,
    participants,
    ends: {},
    invariants: {},
    publicEvents: [],
    commands: {},
    ...more,
  };
}

/** A guest who orders and takes what is cooked. */
const guest = party("Guest", {
  HUNGRY: [on(place, to("WAITING").emits(Ordered)), never(Cooked)],
  WAITING: lock([on(Cooked, to("FED"))]),
  FED: [ignore(Cooked)],
});
const cookStates = { IDLE: [on(Ordered, to("DONE").emits(Cooked))], DONE: [never(Ordered)] };
const cook = party("Cook", cookStates);
const dinner = dance([guest, cook], {
  ends: { fed: { states: { Guest: "FED", Cook: ["DONE"] }, tally: {} } },
  invariants: { "no hunger": { Guest: "HUNGRY", Cook: ["DONE", "A_LATER_STATE"] } },
  commands: { place: 1 },
});

const withCook = (states: States, more: Partial<Participant> = {}) =>
  dance([guest, party("Cook", states, more)]);
const withWaiter = (states: States, more: Partial<Choreography> = {}) =>
  dance([guest, cook, party("Waiter", states)], more);
const schema = (): Schema<unknown> => ({
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
});
const join = all(Ordered, Cooked);
/** A waiter who joins both events, then ignores everything, and says `more` while joining. */
const joining = (...more: readonly Sentence[]): Choreography =>
  withWaiter({
    IDLE: [on(join, to("DONE").emits(Paid)), ...more],
    DONE: [ignore(Ordered), ignore(Cooked), ignore(Paid)],
  });

interface Case {
  readonly says: string;
  readonly broken: Choreography;
  /** The dinner itself unless given. */
  readonly clean?: Choreography;
}

const cases: Readonly<Record<WellFormedCode, readonly [Case, ...Case[]]>> = {
  W01: [
    {
      says: "Cook in IDLE on Ordered goes to NOWHERE, which is not a state of Cook",
      broken: withCook({ ...cookStates, IDLE: [on(Ordered, to("NOWHERE").emits(Cooked))] }),
    },
  ],
  W02: [
    {
      says: "Cook begins in MISSING, which is not one of its states",
      broken: withCook(cookStates, { initial: "MISSING" }),
    },
  ],
  W03: [
    {
      says: "Cook says nothing about Ordered in DONE",
      broken: withCook({ ...cookStates, DONE: [] }),
      clean: withCook({ ...cookStates, DONE: [] }, { otherwise: "never" }),
    },
    {
      says: "Waiter says nothing about Paid in IDLE",
      broken: joining(never(Paid, { once: [Ordered] })),
      clean: joining(defer(Paid), never(Paid, { once: [Ordered] })),
    },
  ],
  W04: [
    {
      says: "Cook emits Paid, which nobody takes and which is not public",
      broken: withCook({ ...cookStates, IDLE: [on(Ordered, to("DONE").emits(Cooked, Paid))] }),
      clean: dance(
        [guest, party("Cook", { ...cookStates, IDLE: [on(Ordered, to("DONE").emits(Cooked, Paid))] })],
        { publicEvents: ["Paid"] },
      ),
    },
  ],
  W05: [
    {
      says: "Waiter takes Paid, which nobody emits",
      broken: withWaiter({ IDLE: [on(Paid, to("IDLE"))] }),
      clean: withWaiter({ IDLE: [on(Cooked, to("IDLE"))] }),
    },
    { says: "Paid is public, but nobody emits it", broken: dance([guest, cook], { publicEvents: ["Paid"] }) },
  ],
  W06: [
    {
      says: "Cook in DONE says 2 things about Ordered: never, ignore",
      broken: withCook({ ...cookStates, DONE: [never(Ordered), ignore(Ordered)] }),
    },
    {
      says: "Waiter in IDLE says twice what holds of Paid once Ordered has been seen",
      broken: joining(ignore(Paid), never(Paid, { once: [Ordered] }), never(Paid, { once: [Ordered] })),
    },
    {
      says: "Waiter in IDLE says of Paid what holds once facts have been seen, and overrides that in a later sentence",
      broken: joining(never(Paid, { once: [Ordered] }), ignore(Paid)),
      clean: joining(ignore(Paid), never(Paid, { once: [Ordered] })),
    },
    {
      says: "Waiter in IDLE reacts to Ordered alone although it is a fact of its join",
      broken: withWaiter({
        IDLE: [on(join, to("DONE")), on(Ordered, to("DONE"))],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE")), ignore(Ordered)],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
    },
  ],
  W07: [
    {
      says: "Waiter in IDLE has 2 joins: Ordered+Cooked, Cooked+Paid",
      broken: joining(on(all(Cooked, Paid), to("DONE"))),
      clean: withWaiter({
        IDLE: [on(all(Ordered, Cooked, Paid), to("DONE").emits(Paid))],
        DONE: [ignore(Ordered), ignore(Cooked), ignore(Paid)],
      }),
    },
  ],
  W08: [
    {
      says: "Waiter in BUSY has 2 activities: bake, rest",
      broken: withWaiter({
        IDLE: [on(Ordered, to("BUSY"))],
        BUSY: [on(bake, to("IDLE")), on(activity("rest"), to("IDLE")), defer(Ordered)],
      }),
      clean: withWaiter({ IDLE: [on(Ordered, to("BUSY"))], BUSY: [on(bake, to("IDLE")), defer(Ordered)] }),
    },
  ],
  W09: [
    {
      says: "Waiter in BUSY has 2 deadlines: after 1m, after 2m",
      broken: withWaiter({
        IDLE: [on(Ordered, to("BUSY"))],
        BUSY: [after("1m", to("IDLE")), after("2m", to("IDLE")), defer(Ordered)],
      }),
      clean: withWaiter({ IDLE: [on(Ordered, to("BUSY"))], BUSY: [after("1m", to("IDLE")), defer(Ordered)] }),
    },
  ],
  W10: [
    {
      says: "Guest and Waiter both take the command place",
      broken: withWaiter({ IDLE: [on(place, to("IDLE"))] }),
      clean: withWaiter({ IDLE: [on(command("serve"), to("IDLE"))] }),
    },
  ],
  W11: [
    {
      says: 'the end "fed" names the participant Ghost, which does not take part',
      broken: dance([guest, cook], { ends: { fed: { states: { Ghost: "FED" }, tally: {} } } }),
    },
    {
      says: 'the end "fed" wants Guest in FULL, which is not one of its states',
      broken: dance([guest, cook], { ends: { fed: { states: { Guest: ["FED", "FULL"] }, tally: {} } } }),
    },
    {
      says: 'the end "fed" counts plates, which no outcome changes',
      broken: dance([guest, cook], { ends: { fed: { states: {}, tally: { plates: 1 } } } }),
      clean: dance(
        [
          guest,
          party("Cook", {
            ...cookStates,
            IDLE: [on(Ordered, to("DONE").emits(Cooked).tallies({ plates: 1 }))],
          }),
        ],
        { ends: { fed: { states: {}, tally: { plates: 1 } } } },
      ),
    },
    {
      says: 'the invariant "rule" names the participant Ghost, which does not take part',
      broken: dance([guest, cook], { invariants: { rule: { Ghost: "FED" } } }),
    },
    {
      says: "the command serve has a budget, but nobody takes it",
      broken: dance([guest, cook], { commands: { place: 1, serve: 2 } }),
    },
  ],
  W12: [
    {
      says: "two different events are called Ordered: one that Guest emits, one that Cook takes",
      broken: dance([
        guest,
        party("Cook", { ...cookStates, IDLE: [on(event("Ordered", schema()), to("DONE").emits(Cooked))] }),
      ]),
      clean: dance([
        guest,
        party("Cook", { ...cookStates, IDLE: [on(event("Ordered"), to("DONE").emits(Cooked))] }),
      ]),
    },
    {
      says: "Cook takes Ordered as event and as command in one state",
      broken: withCook({
        ...cookStates,
        IDLE: [on(Ordered, to("DONE").emits(Cooked)), on(command("Ordered"), to("DONE"))],
      }),
    },
  ],
  W13: [
    {
      says: "a participant is called command, which is a reserved word",
      broken: dance([guest, party("command", cookStates)]),
    },
    {
      says: 'a participant is called Cook/2, and "/" is a reserved sign',
      broken: dance([guest, party("Cook/2", cookStates)]),
    },
    {
      says: "an event is called data, which is a reserved word",
      broken: withWaiter({ IDLE: [on(Cooked, to("IDLE").emits(event("data")))] }, { publicEvents: ["data"] }),
    },
    {
      says: 'an event is called A+B, and "+" is a reserved sign',
      broken: withWaiter({ IDLE: [on(Cooked, to("IDLE").emits(event("A+B")))] }, { publicEvents: ["A+B"] }),
    },
    { says: "a command has an empty name", broken: withWaiter({ IDLE: [on(command(""), to("IDLE"))] }) },
    { says: "a state has an empty name", broken: withWaiter({ "": [on(Cooked, to(""))] }) },
    {
      says: "Waiter declares the state IDLE+Ordered, which is the name of a partial state of the join in IDLE",
      broken: withWaiter({
        IDLE: [on(join, to("IDLE+Ordered"))],
        "IDLE+Ordered": [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("ELSE+Ordered"))],
        "ELSE+Ordered": [ignore(Ordered), ignore(Cooked)],
      }),
    },
    {
      says: "Cook in IDLE on Ordered has an outcome with an empty name",
      broken: withCook({
        ...cookStates,
        IDLE: [on(Ordered, { "": to("DONE").emits(Cooked), no: to("IDLE") })],
      }),
    },
  ],
  W14: [
    {
      says: "Cook in IDLE on Ordered emits Cooked twice in one outcome",
      broken: withCook({ ...cookStates, IDLE: [on(Ordered, to("DONE").emits(Cooked).emits(Cooked))] }),
      clean: withCook({
        ...cookStates,
        IDLE: [on(Ordered, { hot: to("DONE").emits(Cooked), cold: to("DONE").emits(Cooked) })],
      }),
    },
  ],
  W15: [
    {
      says: "Cook takes the key from Ordered in one way in IDLE and in another in DONE",
      broken: withCook({
        IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: () => "a" })],
        DONE: [on(Ordered, to("DONE"), { by: () => "b" })],
      }),
      clean: withCook({
        IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: () => "a" })],
        DONE: [on(Ordered, to("DONE"), { by: () => "a" })],
      }),
    },
  ],
  W16: [
    {
      says: 'Waiter in IDLE says "never Paid" once Paid has been seen, which is not a fact of a join in that state',
      broken: joining(ignore(Paid), never(Paid, { once: [Paid] })),
    },
    {
      says: 'Waiter in IDLE says "never Paid" once all facts have been seen, when the state has been left',
      broken: joining(ignore(Paid), never(Paid, { once: [Ordered, Cooked] })),
      clean: joining(ignore(Paid), never(Paid, { once: [Ordered] })),
    },
    {
      says: 'Waiter in IDLE says "never Cooked" once Ordered has been seen, but the join waits for it then',
      broken: withWaiter({
        IDLE: [on(join, to("DONE")), never(Cooked, { once: [Ordered] })],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE")), never(Cooked, { once: [Cooked] })],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
    },
  ],
  W17: [
    {
      says: 'Waiter in IDLE on Ordered+Cooked says "by", which a join cannot',
      broken: withWaiter({
        IDLE: [on(join, to("DONE"), { by: () => "a" })],
        DONE: [ignore(Ordered), ignore(Cooked)],
      }),
      clean: withWaiter({
        IDLE: [on(join, to("DONE"))],
        DONE: [on(Ordered, to("DONE"), { by: () => "a" }), ignore(Cooked)],
      }),
    },
  ],
  W18: [
    {
      says: "Waiter in IDLE on Cooked has no outcome",
      broken: withWaiter({ IDLE: [on(Cooked, {})] }),
      clean: withWaiter({ IDLE: [ignore(Cooked)] }),
    },
  ],
  W19: [
    {
      says: "Waiter in IDLE waits for after 1m, which nothing starts in an initial state",
      broken: withWaiter({ IDLE: [after("1m", to("DONE"))], DONE: [] }),
      clean: withWaiter({ IDLE: [after("1m", to("DONE"))], DONE: [after("1m", to("IDLE"))] }),
    },
  ],
  W20: [
    { says: "two participants are called Cook", broken: dance([guest, cook, party("Cook", cookStates)]) },
  ],
};

describe("well-formedness", () => {
  it("finds nothing in a clean choreography", () => {
    expect(wellFormed(dinner)).toEqual([]);
    expect(() => assertWellFormed(dinner)).not.toThrow();
  });

  const all = Object.entries(cases).flatMap(([code, list]) =>
    list.map((one, index) => ({ code, name: `${code}.${index + 1}: ${one.says}`, ...one })),
  );
  it.each(all)("$name", ({ code, says, broken, clean = dinner }) => {
    const found = wellFormed(broken);
    expect(found.map((one) => `${one.code} ${one.message}`)).toContain(`${code} ${says}`);
    expect(found.filter((one) => one.code === code).every(({ at }) => at.startsWith("/"))).toBe(true);
    expect(wellFormed(clean).filter((one) => one.code === code)).toEqual([]);
  });

  it("says how bad each finding is, and refuses errors only", () => {
    const [{ broken: warned }] = cases.W03;
    const [{ broken: refused }] = cases.W01;
    expect(wellFormed(warned)).toMatchObject([{ code: "W03", severity: wellFormedRules.W03.severity }]);
    expect(() => assertWellFormed(warned)).not.toThrow();
    expect(() => assertWellFormed(refused)).toThrow(
      /^Dinner cannot run: Cook in IDLE on Ordered goes to NOWHERE.*W01 at \/participants\/Cook\/states\/IDLE\/on\/Ordered\)/,
    );
    expect(() => assertWellFormed(refused)).toThrow(
      expect.objectContaining({ code: "Q_CONTRACT_MALFORMED" }),
    );
  });

  it("counts the other errors when there are several", () => {
    const broken = withCook({ IDLE: [on(Ordered, to("A")), on(Cooked, to("B"))] });
    expect(() => assertWellFormed(broken)).toThrow(/There are 1 more: W01\./);
  });

  it("has a sentence that ends with a full stop for every rule", () => {
    for (const rule of Object.values(wellFormedRules))
      expect(`${rule.title} ${rule.mend}`).toMatch(/^[A-Z].*\. .*\.$/);
  });
});
