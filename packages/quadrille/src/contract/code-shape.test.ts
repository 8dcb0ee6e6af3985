// Code that does not fit its contract is refused where it is joined with it, and not by the first message.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { service } from "./handler.ts";
import { to } from "./outcome.ts";
import { participant } from "./participant.ts";
import { gaveUp, lock, on } from "./reaction.ts";
import { activity, command, event } from "./trigger.ts";

const adopt = command("adopt");
const Asked = event("AdoptionAsked", z.object({ dog: z.string() }));
const Answered = event("Answered");
const registerChip = activity("registerChip");
const shelter = participant("Shelter", {
  entity: "Dog",
  initial: "none",
  states: {
    none: [on(adopt, to("ASKED").emits(Asked))],
    ASKED: lock([on(Answered, { yes: to("CHIPPING"), no: to("none") })]),
    CHIPPING: lock([on(registerChip, to("HOME")), gaveUp(registerChip, to("HOME"))]),
    HOME: [],
  },
});
const handlers = { none: { adopt: () => choice }, ASKED: { Answered: () => choice } };
const activities = { registerChip: async () => undefined };
const choice = { outcome: "", payloads: {} };

/** As a module without types calls it. */
const untyped = service as unknown as (participant?: unknown, code?: unknown) => unknown;

describe("code that fits", () => {
  it("is taken, also where what needs none is left out as undefined", () => {
    const code = { handlers: { ...handlers, HOME: undefined }, activities };
    expect(untyped(shelter, code)).toMatchObject({ kind: "service" });
  });

  it("may answer a call that was given up, and use the transaction", () => {
    const called = { registerChip: { transact: async () => choice }, "registerChip gave up": () => choice };
    expect(untyped(shelter, { handlers: { ...handlers, CHIPPING: called }, activities })).toMatchObject({
      kind: "service",
    });
  });
});

describe("code that does not fit", () => {
  it.each<[string, unknown, string]>([
    [
      "no code for an activity",
      { handlers },
      "service(Shelter) has no code for the activity registerChip. Write { activities: { registerChip: async (…) => … } }.",
    ],
    [
      "an activity misspelt",
      { handlers, activities: { registerChp: activities.registerChip } },
      'service(Shelter): activities: there is no activity "registerChp"; declared are registerChip. Did you mean registerChip?',
    ],
    [
      "an activity that is no function",
      { handlers, activities: { registerChip: "now" } },
      'service(Shelter): the activity registerChip is a function, not the text "now".',
    ],
    [
      "a key misspelt",
      { handler: handlers, activities },
      'service(Shelter) has the unknown key "handler"; known are handlers, activities. Did you mean handlers?',
    ],
    [
      "a state misspelt",
      { handlers: { ...handlers, non: {} }, activities },
      'service(Shelter): handlers: there is no state "non"; declared are none, ASKED, CHIPPING, HOME. Did you mean none?',
    ],
    [
      "a trigger misspelt",
      { handlers: { ...handlers, none: { adpt: () => choice } }, activities },
      'service(Shelter): none: there is no reaction to "adpt"; declared are adopt. Did you mean adopt?',
    ],
    [
      "a trigger in a state without reactions",
      { handlers: { ...handlers, HOME: { adopt: () => choice } }, activities },
      'service(Shelter): HOME: there is no reaction to "adopt"; none is declared.',
    ],
    [
      "no handler where there is a choice",
      { handlers: { none: handlers.none }, activities },
      "service(Shelter) has no handler of Answered in ASKED, which chooses among its outcomes (yes, no). Write { handlers: { ASKED: { Answered: (…) => … } } }.",
    ],
    [
      "no handler where there is a payload",
      { handlers: { ASKED: handlers.ASKED }, activities },
      "service(Shelter) has no handler of adopt in none, which fills in the payload of AdoptionAsked. Write { handlers: { none: { adopt: (…) => … } } }.",
    ],
    [
      "a handler that is none",
      { handlers: { ...handlers, none: { adopt: { transac: () => choice } } }, activities },
      "service(Shelter): none: the handler of adopt is a function, { transact } or { transactAll }, not an object.",
    ],
    ["a list", [], "service(Shelter) takes an object, { handlers, activities }, not an empty list."],
    ["nothing", undefined, "service(Shelter) has no code for the activity registerChip."],
  ])("is refused in one sentence: %s", (_, code, sentence) => {
    const joined = (): unknown => untyped(shelter, code);
    expect(joined).toThrow(expect.objectContaining({ code: "Q_ARGUMENT_INVALID" }));
    expect(joined).toThrow(sentence);
  });

  it.each([
    [undefined, "nothing"],
    [[], "an empty list"],
    [adopt, "an object"],
  ])("nor does a service of what is no participant: %j", (given, words) => {
    expect(() => untyped(given)).toThrow(
      `service(…) takes a participant, what participant("…", {…}) returns, not ${words}.`,
    );
  });
});
