// Every code has a contract that shows it and a clean twin.
import { describe, expect, it } from "vitest";
import { answers, asks, choreography, end, nothing } from "../../test/small-choreography.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import type { CheckOptions } from "./bound.ts";
import { check } from "./check.ts";
import { CATALOG, type Code } from "./finding.ts";

interface Pair {
  readonly shows: ChoreographyJson;
  readonly clean: ChoreographyJson;
  readonly message: string;
  readonly options?: CheckOptions;
}

const pairs: Readonly<Record<Code, Pair>> = {
  P1: {
    shows: asks({ initial: "s", states: { s: {}, t: { on: { Asked: [{ to: "t" }] } } } }),
    clean: asks(answers),
    message: "Asked may reach B in s, where nothing is said about it",
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
        s: { on: { Asked: "defer" }, timers: { open: [{ to: "open" }] } },
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
        t: { timers: { again: [{ to: "t" }], give: [{ to: "u", emit: ["Answered"] }] } },
        u: {},
      },
    }),
    clean: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t" }] } },
        t: { timers: { give: [{ to: "u", emit: ["Answered"] }] } },
        u: {},
      },
    }),
    message: "B (again) can go round for ever, so that it ends only if something else gets its turn",
  },
  P3c: {
    shows: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t" }] } },
        t: { effects: { retry: [{ to: "u" }] } },
        u: { effects: { back: [{ to: "t" }] } },
      },
    }),
    clean: asks(answers),
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
      states: { s: { on: { Asked: "ignore" } }, t: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } } },
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
    message: "Logged is published by B, and nobody subscribes to it",
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
    message: "Said on its way to B grows past the cap of 15",
  },
  P9: {
    shows: asks(answers),
    clean: asks({
      initial: "s",
      states: { s: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } }, t: { on: { Asked: "ignore" } } },
    }),
    message:
      "B depends on its inbox for Asked: taken twice, Asked may reach B in t, where nothing is said about it (P1)",
    options: { assumptions: true },
  },
  P10: {
    shows: choreography(
      {
        A: { initial: "s", states: { s: { commands: { go: [{ to: "t", emit: ["X", "Y"] }] } }, t: {} } },
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
    clean: asks(answers),
    message:
      "the order of messages decides between the ends x first and y first (1 of 1 combinations of choices)",
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
    clean: choreography({ A: { initial: "s", states: { s: {} } } }, { ends: [nothing] }),
    message: "A waits for others in waits without a deadline",
  },
  P13: {
    shows: asks(answers, { invariants: [{ name: "no hurry", never: { A: "waits", B: "t" } }] }),
    clean: asks(answers, { invariants: [{ name: "no hurry", never: { A: "done", B: "s" } }] }),
    message: '"no hurry" is broken: A in waits and B in t',
  },
  P14: {
    shows: asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t" }] } },
        t: { timers: { late: [{ to: "u", emit: ["Answered"] }] } },
        u: {},
      },
    }),
    clean: asks(answers),
    message: "without timers, A stays locked in waits for ever: Answered is not on its way (P5)",
  },
  P15: {
    shows: asks(answers),
    clean: choreography({ A: { initial: "s", states: { s: {} } } }, { ends: [nothing] }),
    message:
      "with one lost: the state moves and the emissions vanish (no outbox), P5 and P4 break: A stays locked in waits for ever: Answered is not on its way",
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
            s: { effects: { charge: [{ to: "paid" }] }, on: { Stop: [{ to: "stopped" }] } },
            paid: { on: { Stop: "ignore" } },
            stopped: {},
          },
        },
      },
      { ends: [end("all", {})] },
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
            s: { effects: { charge: [{ to: "paid" }] }, on: { Stop: "defer" } },
            paid: { on: { Stop: "ignore" } },
          },
        },
      },
      { ends: [end("all", {})] },
    ),
    message: "while charge runs at B in s, Stop can move it away from its result",
  },
};

describe.each(Object.entries(pairs))("%s", (code, { shows, clean, message, options }) => {
  it("is found, with its severity and a place", () => {
    const found = check(shows, options).findings.filter((one) => one.code === code);
    expect(found.map((one) => one.message)).toContain(message);
    expect(new Set(found.map((one) => one.severity))).toEqual(
      new Set([Object.entries(CATALOG).find(([name]) => name === code)?.[1].severity]),
    );
    expect(found.every((one) => one.at === "" || one.at.startsWith("/"))).toBe(true);
  });

  it("is not found in the clean twin", () => {
    const found = check(clean, options).findings.filter((one) => one.code === code);
    // Of assumptions a report says also that everything holds; and the asking party's own inbox is another matter.
    const own = found.filter(
      ({ message }) => !message.endsWith("everything holds") && !message.startsWith("A depends"),
    );
    expect(own).toEqual([]);
  });
});
