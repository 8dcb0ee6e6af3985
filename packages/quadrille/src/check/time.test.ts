// Business deadlines are time that passes; timeouts stand in for a partner's answer, and must hide nothing.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../test/small-choreography.ts";
import type { ChoreographyJson, EndJson, StateJson } from "../contract/json-form.ts";
import type { CheckOptions } from "./model/bound.ts";
import { check } from "./check.ts";

const verdict = (contract: ChoreographyJson, options: CheckOptions = {}): string[] =>
  check(contract, options)
    .findings.filter(({ severity }) => severity !== "report")
    .map(({ code }) => code);

/** A person decides, or a clock does. */
const decides = (clock: StateJson, more: readonly EndJson[] = [], lock = true): ChoreographyJson =>
  choreography(
    {
      A: {
        initial: "none",
        states: {
          none: { commands: { ask: [{ to: "WAITING" }] } },
          WAITING: { lock, commands: { approve: [{ to: "YES" }], refuse: [{ to: "NO" }] }, ...clock },
          YES: {},
          NO: {},
        },
      },
    },
    { ends: [end("nothing", { A: "none" }), end("yes", { A: "YES" }), end("no", { A: "NO" }), ...more] },
  );

const waiting = end("waiting", { A: "WAITING" });
const late = { late: [{ to: "NO" }] };

describe("a person who decides", () => {
  it("has until a business deadline", () => {
    expect(verdict(decides({ deadlines: late }))).toEqual([]);
  });

  it("is not replaced by a timeout: that is for a partner who is late", () => {
    expect(new Set(verdict(decides({ timeouts: late })))).toEqual(new Set(["P14"]));
  });

  it("may never answer, where that is an end", () => {
    expect(verdict(decides({}, [waiting], false))).toEqual([]);
    expect(verdict(decides({}))).toEqual(["P4", "P5"]);
  });

  it("may wait for a deadline in an end of its own", () => {
    expect(verdict(decides({ deadlines: late }, [waiting], false))).toEqual([]);
    expect(verdict(decides({ deadlines: late }, [waiting], false), { reduce: "always" })).toEqual([]);
  });
});

describe("a life that goes on", () => {
  const subscription = (clock: "deadlines" | "timeouts"): ChoreographyJson =>
    choreography(
      {
        A: {
          initial: "none",
          states: {
            none: { commands: { subscribe: [{ to: "ACTIVE" }] } },
            ACTIVE: {
              commands: { cancel: [{ to: "OVER" }] },
              [clock]: { periodEnds: [{ to: "ACTIVE", emit: ["Renewed"] }] },
            },
            OVER: { on: {} },
          },
        },
        B: { initial: "b", states: { b: { on: { Renewed: "ignore" } } } },
      },
      { ends: [end("nothing", { A: "none" }), end("active", { A: "ACTIVE" }), end("over", { A: "OVER" })] },
    );

  it("repeats by its deadline, and rests between two of them", () => {
    const { findings, ends } = check(subscription("deadlines"), { patches: false });
    expect(findings).toEqual([]);
    expect(ends.map(({ name, states }) => [name, states > 0])).toEqual([
      ["nothing", true],
      ["active", true],
      ["over", true],
    ]);
  });

  it("of a timeout is a cycle: nothing says that it ends", () => {
    expect(verdict(subscription("timeouts"))).toContain("P3b");
  });
});
