// What grows for ever is shown by the loop that fills it, and what does not grow is not said to.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, ParticipantJson } from "../../contract/json-form.ts";
import type { CheckOptions } from "../model/bound.ts";
import { check } from "../check.ts";

const any = { ends: [end("any", { A: "a" })] };
const deaf: ParticipantJson = { initial: "b", states: { b: { on: { E: "ignore" } } } };
const pump = (more: Readonly<Record<string, ParticipantJson>>): ChoreographyJson =>
  choreography(
    { A: { initial: "a", states: { a: { commands: { ping: [{ to: "a", emit: ["E"] }] } } } }, ...more },
    { ...any, commands: { ping: "unbounded" } },
  );

function growth(contract: ChoreographyJson, options: CheckOptions = {}): string[] {
  return check(contract, { channel: "bag", ...options })
    .findings.filter(({ code }) => code === "P8")
    .map(({ message, path }) => `${message} (${path.length})`);
}

describe("a channel that grows", () => {
  it("is shown by its loop, after two or three messages, and not by the cap", () => {
    expect(growth(pump({ B: deaf }))).toEqual([
      "E on its way to B grows for ever: step 3 can be repeated, and each time there is more (3)",
    ]);
    expect(check(pump({ B: deaf }), { channel: "bag" }).states).toBeLessThan(10);
  });

  it("and each of several that one step overfills is named, by a shortest path", () => {
    const both = pump({ B: deaf, C: deaf });
    expect(growth(both, { bound: { cap: 1 } })).toEqual([
      "E on its way to B grows past the cap of 1 (2)",
      "E on its way to C grows past the cap of 1 (2)",
    ]);
    expect(growth(both).length).toBe(2);
  });

  it("says so where its subscriber may be stopped by the same event: that is to be fixed first", () => {
    const stops: ParticipantJson = { initial: "x", states: { x: { on: { E: [{ to: "y" }] } }, y: {} } };
    expect(growth(pump({ B: stops })).join()).toContain("; fix first what stops its subscriber");
    expect(growth(pump({ B: deaf })).join()).not.toContain("fix first");
  });

  it("in order is shown by its loop, too", () => {
    expect(growth(pump({ B: deaf }), { channel: "fifo" }).join()).toContain("the queue to B grows for ever");
  });

  it("in order is shown where its subscriber takes some of what comes", () => {
    const slow: ParticipantJson = {
      initial: "b",
      states: {
        b: { on: { E: [{ to: "c" }] } },
        c: { activities: { work: [{ to: "b" }] }, on: { E: "ignore" } },
      },
    };
    const twice = choreography(
      {
        A: { initial: "a", states: { a: { activities: { go: [{ to: "a", emit: ["E", "E"] }] } } } },
        B: slow,
      },
      any,
    );
    expect(growth(twice, { channel: "fifo" }).join()).toMatch(
      /the queue to B grows for ever: .* can be repeated/,
    );
  });

  it.each([7, 8, 20, 40])("is none where each of %i facts comes once, in ordered channels", (count) => {
    const facts = Array.from({ length: count }, (_, index) => `Fact${index}`);
    const on = Object.fromEntries(facts.map((fact) => [fact, "ignore" as const]));
    const contract = choreography(
      {
        A: { initial: "none", states: { none: { commands: { go: [{ to: "a", emit: facts }] } }, a: {} } },
        Log: { initial: "open", states: { open: { on } } },
      },
      { ends: [end("any", { A: ["none", "a"] })] },
    );
    const report = check(contract, { channel: "fifo", bound: { cap: 50 } });
    expect(report).toMatchObject({ states: count + 2, exhausted: true, findings: [] });
  });
});

describe("a tally", () => {
  const pays = (cents: number, back: number): ChoreographyJson =>
    choreography(
      {
        A: {
          initial: "none",
          states: {
            none: { commands: { pay: [{ to: "a", tally: { cents } }] } },
            a: { commands: { refund: [{ to: "back", tally: { cents: -back } }] } },
            back: {},
          },
        },
      },
      {
        ends: [
          end("nothing", { A: "none" }, { cents: 0 }),
          end("paid", { A: "a" }, { cents }),
          end("back", { A: "back" }, { cents: cents - back }),
        ],
      },
    );

  it.each([
    [1, 1],
    [20, 20],
    [1999, 1999],
    [1999, 1500],
    [250_000_000, 1],
  ])("counts money: %i paid, %i refunded", (cents, back) => {
    expect(check(pays(cents, back)).findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("that grows for ever is shown by its loop", () => {
    const contract = choreography(
      { A: { initial: "a", states: { a: { commands: { pay: [{ to: "a", tally: { cents: 1999 } }] } } } } },
      { ...any, commands: { pay: "unbounded" } },
    );
    expect(growth(contract).join()).toMatch(/^the tally cents grows for ever: step \d+ can be repeated/);
  });

  it("below zero is reported in its own measure", () => {
    const found = check(pays(1500, 1999)).findings.map(({ message }) => message);
    expect(found).toContain("refund at A in a would bring cents below zero");
  });
});

describe("what only time fills again and again", () => {
  const monthly = (
    taker: ParticipantJson,
    more: Readonly<Record<string, ParticipantJson>> = {},
  ): ChoreographyJson =>
    choreography(
      {
        A: {
          initial: "none",
          states: {
            none: { commands: { subscribe: [{ to: "active" }] } },
            active: {
              deadlines: { month: [{ to: "active", emit: ["Due"] }] },
              commands: { stop: [{ to: "over" }] },
            },
            over: {},
          },
        },
        B: taker,
        ...more,
      },
      { ends: [end("active", { A: "active" }), end("over", { A: "over" })] },
    );
  const takes: ParticipantJson = { initial: "b", states: { b: { on: { Due: [{ to: "b" }] } } } };
  const modes = [{ channel: "bag" }, { channel: "fifo" }] as const;

  it.each(modes)("does not grow where its subscriber takes it: time passes between, with %o", (options) => {
    const report = check(monthly(takes), options);
    expect(report.findings.filter(({ severity }) => severity !== "report")).toEqual([]);
    expect(report).toMatchObject({ exhausted: true, paced: [{ messages: 4 }] });
    expect(report.ends.every(({ states }) => states > 0)).toBe(true);
  });

  it.each(modes)("grows where its subscriber defers it for ever, with %o", (options) => {
    const defers: ParticipantJson = { initial: "b", states: { b: { on: { Due: "defer" } } } };
    expect(growth(monthly(defers), options).join()).toContain("grows for ever");
  });

  it.each(modes)("grows where something else fills the same channel without time, with %o", (options) => {
    const contract = monthly(takes);
    const { active, ...states } = contract.participants["A"]?.states ?? {};
    const busy = { ...active, activities: { work: [{ to: "active", emit: ["Due"] }] } };
    const participants = {
      ...contract.participants,
      A: { initial: "none", states: { ...states, active: busy } },
    };
    expect(growth({ ...contract, participants }, options).join()).toContain("grows for ever");
  });

  it.each(modes)("grows where it is a timeout that comes again and again, with %o", (options) => {
    const text = JSON.stringify(monthly(takes)).replace("deadlines", "timeouts");
    expect(growth(JSON.parse(text) as ChoreographyJson, options).join()).toContain("grows for ever");
  });
});
