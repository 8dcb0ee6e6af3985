// The exports say what the contract says, in other languages.
import { describe, expect, it } from "vitest";
import { asPublished, reference } from "../../../test/reference-choreographies.ts";
import { choreography } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, OutcomeJson } from "../../contract/json-form.ts";
import { explore } from "../explore/explore.ts";
import { listAll } from "../explore/program.ts";
import { toStateDiagram } from "../../draw/state-diagram.ts";
import { toPromela } from "./to-promela.ts";
import { toTla } from "./to-tla.ts";

const small = choreography({
  A: {
    initial: "s",
    states: { s: { commands: { go: [{ to: "t", emit: ["X"], tally: { held: 1 } }] } }, t: {} },
  },
  B: {
    initial: "s",
    states: {
      s: { on: { X: "defer" }, timeouts: { wake: [{ to: "t" }] } },
      t: { lock: true, on: { X: [{ to: "s", choice: "ok" }] } },
    },
  },
});

it("an outcome for other sagas is left out: the models have one saga", () => {
  const used = (others: readonly OutcomeJson[]): ChoreographyJson =>
    choreography({
      A: {
        initial: "s",
        states: { s: { commands: { go: [{ choice: "mine", to: "t" }, ...others] } }, t: {} },
      },
    });
  const both = used([{ choice: "lost", to: "s", saga: "other" }]);
  expect(toPromela(both)).toBe(toPromela(used([])));
  expect(toTla(both)).toEqual(toTla(used([])));
});

describe("Promela", () => {
  it("has one option for every step", () => {
    expect(
      toPromela(small, { channel: "bag" })
        .split("\n")
        .filter((line) => line.startsWith("  ::")),
    ).toEqual([
      "  :: d_step { s0 == 0 && b0 > 0 && m1_0 + 1 <= 15 && t0 + 1 <= 15 -> b0--; s0 = 1; m1_0++; t0 = t0 + 1 } /* A in s */",
      "  :: d_step { s1 == 0 -> s1 = 1 } /* B in s */",
      "  :: d_step { s1 == 1 && m1_0 > 0 -> m1_0--; s1 = 0 } /* B in t */",
      "  :: false",
    ]);
  });

  it("has queues where messages have an order, and a stash where they are deferred", () => {
    const fifo = toPromela(small, { channel: "fifo" });
    expect(fifo).toContain("chan q0 = [15] of { byte }; /* to B: 1 X */");
    expect(fifo).toContain("s1 == 0 && q0?[1] && d1_0 < 15 -> q0?1; d1_0++");
    expect(toPromela(small, { channel: "partition", defer: "block" })).not.toContain("d1_0");
  });

  it("asserts where nothing, or never, is said", () => {
    expect(toPromela(reference("create-order"), asPublished)).toContain("NEVER(0, 0, 0); ");
    expect(toPromela(reference("create-order-1-as-published"), asPublished)).toContain("UNSAID(0, 0, 0); ");
  });

  it("leaves timers out when they are not wanted", () => {
    expect(toPromela(small, { timers: false })).not.toContain("s1 == 0 -> s1 = 1");
  });
});

describe("TLA+", () => {
  it("has one action for every step, and the ends and forbidden combinations as properties", () => {
    const { module, config } = toTla(reference("order-lifecycle-with-deadline"));
    const { program } = explore(reference("order-lifecycle-with-deadline"), asPublished);
    listAll(program);
    const steps = program.steps.filter(({ kind }) => kind !== "held");
    expect(module.split("\n").filter((line) => /^Step\d+ ==/.test(line))).toHaveLength(steps.length);
    expect(config).toContain("INVARIANT Invariant3\n");
    expect(module).toContain(
      'Invariant3 == ~(state["Order"] \\in {"CANCELLED"} /\\ state["Accounting"] \\in {"AUTHORIZED"}) \\* a cancelled order is refunded',
    );
  });

  it("primes every variable once in every action", () => {
    const { module } = toTla(reference("create-order"));
    const actions = module.split("\n").filter((line) => /^Step\d+ ==/.test(line));
    for (const action of actions) {
      for (const variable of ["state", "messages", "budget", "tally"]) {
        const primed = action.split(`${variable}' =`).length - 1;
        const unchanged = new RegExp(`UNCHANGED (${variable}\\b|<<[^>]*\\b${variable}\\b)`).test(action)
          ? 1
          : 0;
        expect([action, primed + unchanged]).toEqual([action, 1]);
      }
    }
  });
});

describe("a tally with changes of more than one", () => {
  const counting = choreography({
    A: {
      initial: "s",
      states: {
        s: { commands: { go: [{ to: "s", tally: { held: 20 } }], back: [{ to: "s", tally: { held: -1 } }] } },
      },
    },
  });

  it("has the explorer's room in Promela and in TLA+: so many of the largest changes", () => {
    const model = toPromela(counting, { bound: { cap: 15 } });
    expect(model).toContain("int t0 = 0; /* held, at most 300 */");
    expect(model).toContain("t0 + 20 <= 300");
    expect(toTla(counting, { bound: { cap: 15 } }).module).toContain('tally["held"] + 20 <= 300');
  });
});

describe("Mermaid", () => {
  it("draws the life of an entity", () => {
    expect(toStateDiagram(small, "B")).toBe(
      'stateDiagram-v2\n  state "s" as s0\n  state "t (lock)" as s1\n  [*] --> s0\n  s0 --> s1: wake\n  s1 --> s0: X [ok]\n',
    );
    expect(toStateDiagram(small, "toString")).toBeUndefined();
  });
});
