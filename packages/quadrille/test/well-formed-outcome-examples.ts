// The rules about outcomes.
import type { Choreography } from "../src/contract/choreography.ts";
import { type Outcome, to } from "../src/contract/outcome.ts";
import { after, gaveUp, ignore, on } from "../src/contract/reaction.ts";
import type { WellFormedCode } from "../src/contract/rules/well-formed-rules.ts";
import { bake, byTable, Cooked, cookStates, Ordered, withCook } from "./well-formed-dinner.ts";
import type { Examples } from "./well-formed-example.ts";

/** A cook for all dinners, who rests for a minute. */
const restingCook = (rested: Outcome): Choreography =>
  withCook({
    IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: byTable })],
    DONE: [after("1m", rested), ignore(Ordered)],
  });

/** A cook who rests for a minute, and may be asked meanwhile. */
const askedCook = (asked: Outcome, rested: Outcome = to("IDLE")): Choreography =>
  withCook({
    IDLE: [on(Ordered, to("DONE").emits(Cooked))],
    DONE: [after("1m", rested), on(Ordered, asked)],
  });

/** Examples for each code, the plainest first. */
export const outcomeExamples: Readonly<Record<Extract<WellFormedCode, "W32" | "W34">, Examples>> = {
  W32: [
    {
      says: "Cook in IDLE on Ordered has an outcome for one of several sagas, and no two sagas share Cook",
      broken: withCook({ ...cookStates, IDLE: [on(Ordered, to("DONE").emits(Cooked).ifOwn())] }),
      clean: withCook({
        ...cookStates,
        IDLE: [on(Ordered, to("DONE").emits(Cooked).ifOwn(), { by: byTable })],
      }),
    },
    {
      says: "Cook in DONE on after 1m has an outcome for other sagas, and acts for the one that entered the state",
      broken: restingCook(to("IDLE").ifOther()),
      clean: restingCook(to("IDLE").ifOwn()),
    },
    {
      says: "Cook in DONE on bake gave up has an outcome for other sagas, and acts for the one that entered the state",
      broken: withCook({
        IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: byTable })],
        DONE: [on(bake, to("IDLE")), gaveUp(bake, to("IDLE").ifOther()), ignore(Ordered)],
      }),
    },
  ],
  W34: [
    {
      says: "Cook in IDLE on Ordered sets the deadline again, and enters DONE, where it is set anyway",
      broken: withCook({ ...cookStates, IDLE: [on(Ordered, to("DONE").emits(Cooked).rearms())] }),
      clean: askedCook(to("DONE").rearms()),
    },
    {
      says: "Cook in DONE on Ordered sets the deadline again, and has no deadline there",
      broken: withCook({ ...cookStates, DONE: [on(Ordered, to("DONE").rearms())] }),
      clean: withCook({ ...cookStates, DONE: [on(Ordered, to("DONE"))] }),
    },
    {
      says: "Cook in DONE on after 1m sets the deadline again, and enters DONE, where it is set anyway",
      broken: askedCook(to("DONE"), to("DONE").rearms()),
      clean: askedCook(to("DONE")),
    },
  ],
};
