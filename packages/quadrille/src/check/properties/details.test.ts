// Properties with several faces: what one pair of contracts cannot show.
import { describe, expect, it } from "vitest";
import { answers, asks, choreography, end, nothing } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, EndJson, OutcomeJson, StateJson } from "../../contract/json-form.ts";
import type { CheckOptions } from "../model/bound.ts";
import { check } from "../check.ts";

describe("P6", () => {
  it("a tally never falls below zero", () => {
    const refund = choreography(
      {
        A: {
          initial: "s",
          states: { s: { commands: { refund: [{ to: "t", tally: { held: -1 } }] } }, t: {} },
        },
      },
      { ends: [end("any", {})] },
    );
    expect(check(refund).findings.map(({ code, message }) => `${code} ${message}`)).toContain(
      "P6 refund at A in s would bring held below zero",
    );
  });

  it("is said once of a place, though two sagas come there on different ways", () => {
    const slots = choreography(
      {
        Guest: {
          initial: "s",
          states: {
            s: {
              commands: {
                leave: [
                  { to: "t", emit: ["Left"] },
                  { to: "t", choice: "late", emit: ["Left"] },
                ],
              },
            },
            t: {},
          },
        },
        Slots: {
          initial: "full",
          states: {
            full: { on: { Left: [{ to: "free", tally: { taken: -1 } }] } },
            free: { on: { Left: "ignore" } },
          },
        },
      },
      { ends: [end("any", {})] },
    );
    const below = check(slots, { sagas: 2, shared: ["Slots"] }).findings.filter(({ code }) => code === "P6");
    expect(below.map(({ message, path }) => [message, path.length])).toEqual([
      ["Left at Slots in full would bring taken below zero", 2],
    ]);
  });

  it("a compensation cannot refuse in silence", () => {
    const undo = (silent: boolean): ChoreographyJson => {
      const refusal = silent ? { to: "held", choice: "no" } : { to: "held", choice: "no", emit: ["Kept"] };
      return choreography(
        {
          A: {
            initial: "s",
            states: { s: { commands: { go: [{ to: "t", emit: ["Undo"] }] } }, t: { on: { Kept: "ignore" } } },
          },
          B: {
            initial: "held",
            states: {
              held: { on: { Undo: [{ to: "free", choice: "ok", tally: { held: -1 } }, refusal] } },
              free: {},
            },
          },
        },
        { ends: [end("any", {})] },
      );
    };
    const found = (silent: boolean) =>
      check(undo(silent)).findings.filter(({ message }) => message.includes("undo nothing"));
    expect([found(true).length, found(false).length]).toEqual([1, 0]);
  });
});

it("P6 does not take a call that was given up for a refusal", () => {
  const refund = (silent: OutcomeJson): ChoreographyJson =>
    choreography(
      {
        Till: {
          initial: "none",
          states: {
            none: { commands: { sell: [{ to: "REFUNDING", tally: { cents: 5 } }] } },
            REFUNDING: {
              lock: true,
              activities: { refund: [{ to: "EMPTY", choice: "ok", tally: { cents: -5 } }, silent] },
            },
            EMPTY: {},
            BY_HAND: {},
          },
        },
      },
      {
        ends: [
          end("refunded", { Till: "EMPTY" }, { cents: 0 }),
          end("by hand", { Till: "BY_HAND" }, { cents: 5 }),
        ],
      },
    );
  const found = (silent: OutcomeJson): readonly string[] =>
    check(refund(silent)).findings.flatMap(({ code, message }) => (code === "P6" ? [message] : []));
  expect(found({ to: "BY_HAND", gaveUp: true })).toEqual([]);
  expect(found({ to: "BY_HAND", choice: "declined" })).toEqual([
    "Till on refund in REFUNDING may undo nothing and publish nothing: no participant learns that it was refused",
  ]);
});

describe("P11", () => {
  /** A lift that is due for a check again and again, by a deadline or a timeout. */
  const lift = (state: StateJson, ends = [end("in use", { Lift: "IN_USE" })]): readonly string[] =>
    check(
      choreography(
        {
          Lift: {
            initial: "none",
            states: { none: { commands: { install: [{ to: "IN_USE" }] } }, IN_USE: state },
          },
        },
        { publicEvents: ["CheckDue"], ends },
      ),
    ).findings.flatMap(({ code, message }) => (code === "P11" ? [message] : []));
  const due = { halfYear: [{ to: "IN_USE", emit: ["CheckDue"] }] };

  it("lets a life go on that an end names, where a deadline of the business publishes", () => {
    expect(lift({ deadlines: due })).toEqual([]);
  });

  it.each<[string, StateJson, EndJson[]?]>([
    ["a deadline that publishes nothing", { deadlines: { halfYear: [{ to: "IN_USE" }] } }],
    ["a timeout", { timeouts: due }],
    ["an activity", { activities: due }],
    ["no end", { deadlines: due }, []],
    ["an end that names another state", { deadlines: due }, [end("none", { Lift: "none" })]],
  ])("finds what goes off for ever: %s", (_, state, ends) => {
    expect(lift(state, ends)).toEqual(["Lift starts halfYear in IN_USE, which has no way out"]);
  });
});

describe("P5", () => {
  it("says that only a command releases a lock, and may never come", () => {
    const locked = (commands: readonly string[]): readonly string[] => {
      const states = {
        none: { commands: { receive: [{ to: "onDesk" }] } },
        onDesk: { lock: true, commands: Object.fromEntries(commands.map((one) => [one, [{ to: "done" }]])) },
        done: {},
      };
      const contract = choreography({ Clerk: { initial: "none", states } }, { ends: [end("any", {})] });
      return check(contract).findings.flatMap(({ code, message }) => (code === "P5" ? [message] : []));
    };
    const held = "Clerk stays locked in onDesk for ever";
    expect([locked([]), locked(["answer"]), locked(["answer", "file"])]).toEqual([
      [`${held}: no event releases it`],
      [`${held}: only the command answer releases it, and a command may never come`],
      [`${held}: only the commands answer and file release it, and a command may never come`],
    ]);
  });
});

describe("P7", () => {
  const dead = (contract: ChoreographyJson): string[] =>
    check(contract)
      .findings.filter(({ code }) => code === "P7")
      .map(({ message }) => message);

  it("names an event that no participant publishes, a public one too, and a command without a budget", () => {
    const contract = choreography(
      { A: { initial: "s", states: { s: { on: { Ghost: "ignore" }, commands: { go: [{ to: "s" }] } } } } },
      { publicEvents: ["Spoken"], commands: {}, ends: [end("any", {})] },
    );
    expect(dead(contract)).toEqual([
      "A subscribes to Ghost, which no participant publishes",
      "the public event Spoken is published by no participant",
      "the command go of A may never come: it has no budget",
    ]);
  });

  it("names first the command without a budget, without which nothing happens", () => {
    const contract = choreography(
      { A: { initial: "s", states: { s: { commands: { go: [{ to: "t" }] } }, t: {} } } },
      { commands: {}, ends: [end("any", {})] },
    );
    expect(dead(contract)).toEqual([
      "the command go of A may never come: it has no budget",
      "A is never in t",
    ]);
  });

  describe("of an event that is published and unheard", () => {
    const published = (event: string, taken: string) =>
      check(
        choreography(
          {
            A: { initial: "s", states: { s: { commands: { go: [{ to: "s", emit: [event] }] } } } },
            B: { initial: "s", states: { s: { on: { [taken]: [{ to: "t" }] } }, t: {} } },
          },
          { ends: [end("any", {})] },
        ),
      ).findings.filter(({ code }) => code === "P7");

    it("names the similar one that is waited for, and does not declare it public", () => {
      const [first] = published("QuotA", "QuoteA");
      expect([first?.message, first?.patch]).toEqual([
        "QuotA is published by A, and no participant subscribes to it; perhaps it means QuoteA, heard by B",
        undefined,
      ]);
    });

    it.each([
      ["A", "B"],
      ["Paid", "Shipped"],
    ])("takes %s and %s for two", (event, taken) => {
      const [first] = published(event, taken);
      expect(first?.message).toBe(`${event} is published by A, and no participant subscribes to it`);
      expect(first?.patch?.operations[0]?.path).toBe("/publicEvents/-");
    });
  });

  it("names a state that is never reached, and not each of its reactions", () => {
    const contract = choreography(
      {
        A: {
          initial: "s",
          states: { s: { commands: { go: [{ to: "s" }] } }, island: { timeouts: { t: [{ to: "s" }] } } },
        },
      },
      { ends: [end("any", {})] },
    );
    expect(dead(contract)).toEqual(["A is never in island"]);
  });

  it("names a deferral that is never needed", () => {
    const contract = asks({
      initial: "s",
      states: {
        s: { on: { Asked: [{ to: "t", emit: ["Answered"] }] } },
        t: { commands: { back: [{ to: "s" }] }, on: { Asked: "defer" } },
      },
    });
    expect(dead(contract)).toEqual(['"defer" of Asked is dead: Asked never reaches B in t']);
  });
});

describe("P4", () => {
  it("an end that is never reached is found", () => {
    const contract = asks(answers, {
      ends: [nothing, end("answered", { A: "done" }), end("lost", { A: "done", B: "s" })],
    });
    expect(check(contract).findings.filter(({ code }) => code === "P4")).toEqual([
      { code: "P4", severity: "error", message: "the end lost is never reached", at: "/ends/2", path: [] },
    ]);
  });

  const p4 = (contract: ChoreographyJson, options: CheckOptions = {}) =>
    check(contract, options).findings.filter(({ code }) => code === "P4");

  it.each([
    ["nothing", { A: "done" }],
    ["nothing happened", { A: "done" }, "nothing"],
  ])("that nothing has happened is an end without being declared: %s", (name, states, other = "answered") => {
    const report = check(asks(answers, { ends: [end(other, states)] }), { sagas: 2, patches: false });
    expect(report.findings.filter(({ code }) => code === "P4")).toEqual([]);
    expect(report.ends.map((one) => one.name)).toEqual([other, name]);
  });

  it("an end that covers the initial states says it already", () => {
    const report = check(asks(answers, { ends: [end("any", { A: ["s", "done"] })] }));
    expect(report.ends).toEqual([{ name: "any", states: 2 }]);
  });

  it("a later combination of the initial states is no beginning", () => {
    const back = choreography({
      A: {
        initial: "s",
        states: { s: { commands: { go: [{ to: "t" }] } }, t: { commands: { go: [{ to: "t" }] } } },
      },
    });
    const [found] = p4({ ...back, ends: [end("still", { A: "s" })] });
    expect(found?.message).toBe("everything is at rest with A in t, which is no declared end");
    expect(found?.patch).toBeUndefined();
  });

  it("of many participants ten are named", () => {
    const names = Array.from({ length: 12 }, (_, index) => `Par-${index}`);
    const others = names.map((name) => [name, { initial: "s", states: { s: {} } }] as const);
    const first = { initial: "s", states: { s: { commands: { go: [{ to: "t" }] } }, t: {} } };
    const crowd = choreography({ ...Object.fromEntries(others), [names[0] ?? ""]: first });
    const [found] = p4({ ...crowd, commands: { go: 1 }, ends: [] });
    expect(found?.message).toContain("Par-8 in s, Par-9 in s and 2 more, which is no declared end");
  });
});

describe("P7 of a join of few facts, which is expanded into partial states", () => {
  const messages = (after: "ignore" | "never"): readonly string[] => {
    const party = (id: number): ChoreographyJson["participants"][string] => ({
      initial: "s",
      states: {
        s: {
          on: {
            Asked: [
              { choice: "yes", to: "t", emit: [`Yes${id}`] },
              { choice: "no", to: "t", emit: [`No${id}`] },
            ],
          },
        },
        t: {},
      },
    });
    const no = { No1: [{ to: "STOPPED" }], No2: [{ to: "STOPPED" }] };
    const late = Object.fromEntries(["Yes1", "Yes2", "No1", "No2"].map((event) => [event, after]));
    const contract = choreography(
      {
        Hub: {
          initial: "none",
          states: {
            none: { commands: { ask: [{ to: "ASKING", emit: ["Asked"] }] } },
            ASKING: { on: { ...no, Yes1: [{ to: "ASKING+Yes1" }], Yes2: [{ to: "ASKING+Yes2" }] } },
            "ASKING+Yes1": { on: { ...no, Yes2: [{ to: "DONE" }] } },
            "ASKING+Yes2": { on: { ...no, Yes1: [{ to: "DONE" }] } },
            DONE: {},
            STOPPED: { on: { ...late, Lost: [{ to: "DONE" }] } },
          },
        },
        P1: party(1),
        P2: party(2),
      },
      { ends: [end("any", { Hub: ["none", "DONE", "STOPPED"] })] },
    );
    return check(contract, { patches: false, races: false })
      .findings.filter(({ code }) => code === "P7")
      .map(({ message }) => message);
  };

  it("says nothing of a sentence that is used in some of them, and still what is used in none", () => {
    expect(messages("ignore")).toEqual(["Hub subscribes to Lost, which no participant publishes"]);
  });
});

it("P12 names a joining state once, and not each set of facts seen", () => {
  const facts = ["A", "B", "C"];
  const publisher = (event: string): ChoreographyJson["participants"][string] => ({
    initial: "s",
    states: { s: { on: { Asked: [{ to: "t", emit: [event] }] } }, t: {} },
  });
  const sets = ["", "+A", "+B", "+C", "+A+B", "+A+C", "+B+C"];
  const waiting = Object.fromEntries(
    sets.map((seen) => {
      const left = facts.filter((fact) => !seen.includes(fact));
      const to = (fact: string): string =>
        left.length === 1
          ? "done"
          : `waits${facts
              .filter((one) => one === fact || seen.includes(one))
              .map((one) => `+${one}`)
              .join("")}`;
      return [
        `waits${seen}`,
        { lock: true, on: Object.fromEntries(left.map((fact) => [fact, [{ to: to(fact) }]])) },
      ];
    }),
  );
  const asker = {
    initial: "none",
    states: { none: { commands: { ask: [{ to: "waits", emit: ["Asked"] }] } }, ...waiting, done: {} },
  };
  const contract = choreography(
    { Asker: asker, A: publisher("A"), B: publisher("B"), C: publisher("C") },
    { ends: [end("done", { Asker: "done" })] },
  );
  const found = check(contract, { patches: false }).findings.filter(({ code }) => code === "P12");
  expect(found.map(({ message }) => message)).toEqual(["Asker waits for others in waits without a deadline"]);
});
