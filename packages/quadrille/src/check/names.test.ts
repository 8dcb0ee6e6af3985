// Names may hold any sign: the checker never joins two of them into one key.
import { describe, expect, it } from "vitest";
import { choreography } from "../../test/small-choreography.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";
import type { CheckOptions } from "./model/bound.ts";
import { check } from "./check.ts";

/**
 * A publishes two events to two parties; the names decide which counters they would share if they were
 * joined.
 */
function publishing(first: string, second: string, other: string): ChoreographyJson {
  return choreography({
    A: { initial: "a", states: { a: { commands: { go: [{ to: "b", emit: [first, second] }] } }, b: {} } },
    B: { initial: "p", states: { p: { on: { [first]: "defer" } }, q: { on: { [first]: "ignore" } } } },
    [other]: { initial: "p", states: { p: { on: { [second]: [{ to: "p" }] } } } },
  });
}

const shape = (contract: ChoreographyJson, options: CheckOptions) => {
  const { states, transitions, findings } = check(contract, options);
  return { states, transitions, codes: findings.map(({ code, path }) => [code, path.length]) };
};

describe("renaming changes nothing", () => {
  it.each<[string, CheckOptions]>([
    ["in any order", {}],
    ["in order", { channel: "fifo" }],
    ["in one partition", { channel: "partition" }],
    ["of two sagas", { sagas: 2 }],
    ["with a fault", { faults: { duplicate: 1 } }],
  ])("%s", (_, options) => {
    const plain = shape(publishing("X", "Y", "C"), options);
    const others: [string, string, string][] = [
      ["x/1", "x", "1/B"],
      ["x", "x/1", "B/1"],
      ['"', "\\", '","'],
      ["__proto__", "constructor", "$&"],
    ];
    for (const names of others) expect(shape(publishing(...names), options)).toEqual(plain);
  });

  it("where a participant is called as the second saga's entity of another", () => {
    const two = (name: string): ChoreographyJson =>
      choreography({
        A: { initial: "a", states: { a: { commands: { go: [{ to: "b", emit: ["X"] }] } }, b: {} } },
        [name]: { initial: "p", states: { p: { on: { X: [{ to: "q" }] } }, q: { on: { X: "ignore" } } } },
      });
    const options = { sagas: 2 };
    expect(shape(two("A#2"), { ...options, shared: ["A#2"] })).toEqual(
      shape(two("C"), { ...options, shared: ["C"] }),
    );
  });
});

describe("what is behind a deferred message that blocks", () => {
  it("is said to be behind it, in P3a and in P5", () => {
    const contract = choreography({
      A: {
        initial: "a",
        states: { a: { commands: { go: [{ to: "b", emit: ["Begun", "First", "Second"] }] } }, b: {} },
      },
      B: {
        initial: "i",
        states: {
          i: { on: { Begun: [{ to: "p" }] } },
          p: { lock: true, on: { First: "defer", Second: [{ to: "q" }] } },
          q: { on: { First: [{ to: "r" }] } },
          r: {},
        },
      },
    });
    const messages = check(contract, { channel: "fifo", defer: "block" }).findings.map(
      ({ message }) => message,
    );
    expect(messages).toContain("Second waits for ever: it is behind First, which B defers in p");
    expect(messages).toContain("B stays locked in p for ever: Second is behind First, which is deferred");
  });
});
