// Every finding code of the checker: a contract that shows it, and its clean twin. The tests and the pages of
// codes use them.
import type { CheckOptions } from "../src/check/model/bound.ts";
import type { FindingCode } from "../src/check/model/finding.ts";
import type { ChoreographyJson } from "../src/contract/json-form.ts";
import { answers, asks, choreography, end, nothing } from "./small-choreography.ts";

/** A contract with a finding, and one without. */
export interface FindingExample {
  readonly shows: ChoreographyJson;
  readonly clean: ChoreographyJson;
  /** The finding's message. */
  readonly message: string;
  readonly options?: CheckOptions;
}

/** A gives up after a while; an answer that comes too late is ignored. */
const withDeadline = choreography(
  {
    A: {
      initial: "s",
      states: {
        s: { commands: { ask: [{ to: "waits", emit: ["Asked"] }] } },
        waits: {
          lock: true,
          on: { Answered: [{ to: "done" }] },
          timeouts: { late: [{ to: "alone", emit: ["Withdrawn"] }] },
        },
        done: {},
        alone: { on: { Answered: "ignore" } },
      },
    },
    B: {
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t", emit: ["Answered"] }], Withdrawn: [{ to: "u" }] } },
        t: { on: { Withdrawn: "ignore" } },
        u: { on: { Asked: "ignore" } },
      },
    },
  },
  { ends: [nothing, end("answered", { A: "done" }), end("alone", { A: "alone" })] },
);

/** The same without an engine's promises: A may hear nothing, and both may hear everything twice. */
const forgiving = choreography(
  {
    A: {
      initial: "s",
      states: {
        s: { commands: { ask: [{ to: "waits", emit: ["Asked"] }] }, on: { Answered: "ignore" } },
        waits: { lock: true, on: { Answered: [{ to: "done" }] }, timeouts: { late: [{ to: "alone" }] } },
        done: { on: { Answered: "ignore" } },
        alone: { on: { Answered: "ignore" } },
      },
    },
    B: {
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } },
        t: { on: { Asked: "ignore" } },
      },
    },
  },
  { ends: [nothing, end("answered", { A: "done" }), end("alone", { A: "alone" })] },
);

/** An example for each code. */
export const findingExamples: Readonly<Record<FindingCode, FindingExample>> = {
  P1: {
    shows: asks({ initial: "s", states: { s: {}, t: { on: { Asked: [{ to: "t" }] } } } }),
    clean: asks(answers),
    message: "Asked may reach B in s, which does not handle it",
  },
  P2: {
    shows: asks({ initial: "s", states: { s: { on: { Asked: "never" } } } }),
    clean: asks(answers),
    message: "Asked reaches B in s, where it should never come",
  },
  P3a: {
    shows: asks({ initial: "s", states: { s: { on: { Asked: "defer" } } } }),
    clean: asks({
      initial: "s",
      states: {
        s: { on: { Asked: "defer" }, activities: { open: [{ to: "open" }] } },
        open: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } },
        t: {},
      },
    }),
    message: "Asked waits for ever: B rests in s and defers it",
  },
  P3b: {
    shows: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t" }] } },
        t: {
          activities: {
            call: [
              { to: "t", choice: "again" },
              { to: "u", choice: "enough", emit: ["Answered"] },
            ],
          },
        },
        u: {},
      },
    }),
    clean: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t" }] } },
        t: { activities: { call: [{ to: "u", emit: ["Answered"] }] } },
        u: {},
      },
    }),
    message: "B (call) can repeat for ever: the saga ends only if another step gets its turn",
  },
  P3c: {
    shows: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t" }] } },
        t: { activities: { retry: [{ to: "u" }] } },
        u: { activities: { back: [{ to: "t" }] } },
      },
    }),
    clean: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t" }] } },
        t: { activities: { retry: [{ to: "u" }] } },
        u: { activities: { back: [{ to: "v", emit: ["Answered"] }] } },
        v: {},
      },
    }),
    message: "after ask at A nothing can ever come to rest again",
  },
  P4: {
    shows: asks(answers, { ends: [nothing] }),
    clean: asks(answers),
    message: "everything is at rest with A in done and B in t, which is no declared end",
  },
  P5: {
    shows: asks({
      initial: "s",
      states: {
        s: {
          on: {
            Asked: [
              { to: "t", choice: "yes", emit: ["Answered"] },
              { to: "t", choice: "no" },
            ],
          },
        },
        t: {},
      },
    }),
    clean: asks(answers),
    message: "A stays locked in waits for ever: Answered is not on its way",
  },
  P6: {
    shows: asks(
      {
        initial: "s",
        states: { s: { on: { Asked: [{ to: "t", emit: ["Answered"], tally: { held: 2 } }] } }, t: {} },
      },
      { ends: [nothing, end("answered", { A: "done" }, { held: 1 })] },
    ),
    clean: asks(
      {
        initial: "s",
        states: { s: { on: { Asked: [{ to: "t", emit: ["Answered"], tally: { held: 1 } }] } }, t: {} },
      },
      { ends: [nothing, end("answered", { A: "done" }, { held: 1 })] },
    ),
    message: "the end answered is reached with held 2 where it should be 1",
  },
  P7: {
    shows: asks({
      initial: "s",
      states: { s: { on: { Asked: [{ to: "t", emit: ["Answered", "Logged"] }] } }, t: {} },
    }),
    clean: asks(
      { initial: "s", states: { s: { on: { Asked: [{ to: "t", emit: ["Answered", "Logged"] }] } }, t: {} } },
      { publicEvents: ["Logged"] },
    ),
    message: "Logged is published by B, and no participant subscribes to it",
  },
  P8: {
    shows: choreography(
      {
        A: { initial: "s", states: { s: { commands: { say: [{ to: "s", emit: ["Said"] }] } } } },
        B: { initial: "s", states: { s: { on: { Said: "ignore" } } } },
      },
      { commands: { say: "unbounded" }, ends: [nothing] },
    ),
    clean: choreography(
      {
        A: { initial: "s", states: { s: { commands: { say: [{ to: "s", emit: ["Said"] }] } } } },
        B: { initial: "s", states: { s: { on: { Said: "ignore" } } } },
      },
      { commands: { say: 7 }, ends: [nothing] },
    ),
    message: "the queue to B grows for ever: step 2 can be repeated, and each time there is more",
  },
  P9: {
    shows: asks(answers),
    clean: forgiving,
    message:
      "B depends on its inbox for Asked: taken twice, Asked may reach B in t, which does not handle it (P1)",
    options: { assumptions: true },
  },
  P10: {
    shows: choreography(
      {
        A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X"] }] } }, t: {} } },
        C: { initial: "s", states: { s: { on: { X: [{ to: "t", emit: ["Y"] }] } }, t: {} } },
        B: {
          initial: "s",
          states: {
            s: { on: { X: [{ to: "x" }], Y: [{ to: "y" }] } },
            x: { on: { Y: "ignore" } },
            y: { on: { X: "ignore" } },
          },
        },
      },
      { ends: [nothing, end("x first", { B: "x" }), end("y first", { B: "y" })] },
    ),
    clean: choreography(
      {
        A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X"] }] } }, t: {} } },
        C: { initial: "s", states: { s: { on: { X: [{ to: "t", emit: ["Y"] }] } }, t: {} } },
        B: {
          initial: "s",
          states: {
            s: { on: { X: [{ to: "x" }], Y: [{ to: "y" }] } },
            x: { on: { Y: [{ to: "both" }] } },
            y: { on: { X: [{ to: "both" }] } },
            both: {},
          },
        },
      },
      { ends: [nothing, end("both", { B: "both" })] },
    ),
    message: "whether X at B or Y at B comes first decides between the ends x first and y first",
  },
  P11: {
    shows: asks({
      initial: "s",
      states: { s: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } }, t: { on: { Asked: "defer" } } },
    }),
    clean: asks({
      initial: "s",
      states: { s: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } }, t: { on: { Asked: "never" } } },
    }),
    message: "B defers Asked in t, which has no way out",
  },
  P12: {
    shows: asks(answers),
    clean: withDeadline,
    message: "A waits for others in waits without a deadline",
  },
  P13: {
    shows: asks(answers, { forbidden: [{ name: "no hurry", states: { A: "waits", B: "t" } }] }),
    clean: asks(answers, { forbidden: [{ name: "no hurry", states: { A: "done", B: "s" } }] }),
    message: '"no hurry" is broken: A in waits and B in t',
  },
  P14: {
    shows: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t" }] } },
        t: { timeouts: { late: [{ to: "u", emit: ["Answered"] }] } },
        u: {},
      },
    }),
    clean: withDeadline,
    message: "without timeouts, A stays locked in waits for ever: Answered is not on its way (P5)",
  },
  P15: {
    shows: asks(answers),
    clean: forgiving,
    message:
      "with one lost: the state moves and the emissions vanish (no outbox), P4 and P5 break: A stays locked in waits for ever: Answered is not on its way",
    options: { assumptions: true },
  },
  P16: {
    shows: choreography(
      {
        A: {
          initial: "s",
          states: { s: { commands: { pay: [{ to: "calls", emit: ["Stop"] }] } }, calls: {} },
        },
        B: {
          initial: "s",
          states: {
            s: { activities: { charge: [{ to: "paid" }] }, on: { Stop: [{ to: "stopped" }] } },
            paid: { on: { Stop: "ignore" } },
            stopped: {},
          },
        },
      },
      { ends: [end("all", { A: ["s", "calls"] })] },
    ),
    clean: choreography(
      {
        A: {
          initial: "s",
          states: { s: { commands: { pay: [{ to: "calls", emit: ["Stop"] }] } }, calls: {} },
        },
        B: {
          initial: "s",
          states: {
            s: { activities: { charge: [{ to: "paid" }] }, on: { Stop: "defer" } },
            paid: { on: { Stop: "ignore" } },
          },
        },
      },
      { ends: [end("all", { A: ["s", "calls"] })] },
    ),
    message: "while charge runs at B in s, Stop can move it away from its result",
  },
  P17: {
    shows: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "looking" }] } },
        looking: { lock: true, activities: { look: [{ to: "t", emit: ["Answered"] }] } },
        t: {},
      },
    }),
    clean: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "looking" }] } },
        looking: {
          lock: true,
          activities: {
            look: [
              { to: "t", emit: ["Answered"] },
              { to: "t", emit: ["Answered"], choice: "gave up", gaveUp: true },
            ],
          },
        },
        t: {},
      },
    }),
    message:
      "B in looking does not say what happens when look is given up: the call becomes a dead letter and waits for an operator",
  },
};
