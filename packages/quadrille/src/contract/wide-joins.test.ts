// A join of sixteen facts has 65,535 partial states, and no part makes them all: not the table, the JSON
// form, the rules or the engine.
import { describe, expect, it } from "vitest";
import { memoryDatabase, service, startEngine } from "../index.ts";
import { canvasOf } from "../draw/canvas.ts";
import { choreography } from "./choreography.ts";
import { fromJson } from "./json/from-json.ts";
import { graphOf } from "../draw/graph.ts";
import { to } from "./outcome.ts";
import { parseChoreography } from "./json/parse-json.ts";
import { participant } from "./participant.ts";
import { ignore, lock, never, on } from "./reaction.ts";
import { compile } from "./table.ts";
import { toJson } from "./json/to-json.ts";
import { all, atLeast, command, event, type EventType } from "./trigger.ts";
import { wellFormed } from "./rules/well-formed.ts";

type Many = readonly [
  EventType<string, undefined>,
  EventType<string, undefined>,
  ...EventType<string, undefined>[],
];
const facts = Array.from({ length: 16 }, (_, index) => event(`Answered${index + 1}`)) as unknown as Many;
const [first, second, ...others] = facts;
const ask = command("ask");
const Asked = event("Asked");
const Withdrawn = event("Withdrawn");

const hub = participant("Hub", {
  entity: "Poll",
  initial: "idle",
  states: {
    idle: [on(ask, to("ASKING").emits(Asked))],
    ASKING: lock([
      on(all(...facts), to("DONE")),
      ignore(Withdrawn),
      never(Withdrawn, { once: [first, second] }),
    ]),
    DONE: [],
  },
});
const parties = facts.map((fact, index) =>
  participant(`P${index + 1}`, {
    entity: `Answer${index + 1}`,
    initial: "idle",
    states: { idle: [on(Asked, to("done").emits(fact))], done: [] },
  }),
);
const poll = choreography("Poll", {
  participants: [hub, ...parties],
  ends: { done: { Hub: "DONE" } },
});

describe("a join of sixteen", () => {
  it("has the rows that are asked for", () => {
    const { states } = compile(hub);
    expect(states.size).toBe(2 + 2 ** 16 - 1);
    expect(states.declared.map(({ name }) => name)).toEqual(["idle", "ASKING", "DONE"]);
    const partial = states.get("ASKING+Answered1+Answered2+Answered16");
    expect(partial).toMatchObject({
      base: "ASKING",
      lock: true,
      facts: ["Answered1", "Answered2", "Answered16"],
    });
    expect(partial?.sentences.get("event:Withdrawn")).toEqual({ kind: "never" });
    expect(partial?.sentences.get("event:Answered1")).toEqual({ kind: "never" });
    expect(partial?.sentences.get("event:Answered3")).toMatchObject({ join: "waits" });
    const last = states.get(
      ["ASKING", first.name, second.name, ...others.slice(0, -1).map(({ name }) => name)].join("+"),
    );
    expect(last?.sentences.get("event:Answered16")).toMatchObject({ join: "completes" });
    // As an earlier contract may have stored it, which named the facts in another order.
    expect(states.get("ASKING+Answered2+Answered1")?.name).toBe("ASKING+Answered1+Answered2");
    for (const name of [
      "ASKING+Answered1+Answered1",
      "ASKING+Answered1+Asked",
      "ASKING+Asked",
      "ASKING+",
      "DONE+Answered1",
    ])
      expect(states.has(name)).toBe(false);
    // As an earlier contract may have stored it, which needed one more: the last fact completes it now.
    const complete = states.get(["ASKING", ...facts.map(({ name }) => name)].join("+"));
    expect(complete?.sentences.get("event:Answered15")).toEqual({ kind: "never" });
    expect(complete?.sentences.get("event:Answered16")).toMatchObject({ join: "completes" });
  });

  it("stays a join in the JSON form, and comes back from it", () => {
    const json = toJson(poll);
    expect(json.participants["Hub"]?.states["ASKING"]).toEqual({
      lock: true,
      on: { Withdrawn: "ignore" },
      join: {
        facts: facts.map(({ name }) => name),
        outcomes: [{ to: "DONE" }],
        never: { Withdrawn: [["Answered1", "Answered2"]] },
      },
    });
    expect(parseChoreography(JSON.parse(JSON.stringify(json)))).toEqual({ ok: true, choreography: json });
    expect(toJson(fromJson(json))).toEqual(json);
  });

  it("is judged and drawn in a moment", () => {
    const begun = process.cpuUsage();
    expect(
      wellFormed(poll)
        .filter(({ severity }) => severity === "error")
        .map(({ code }) => code),
    ).toEqual([]);
    const json = toJson(poll);
    expect(graphOf(json).edges.filter(({ subscriber }) => subscriber === "Hub").length).toBe(16);
    expect(canvasOf(json).steps.length).toBeGreaterThan(16);
    expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(1_000);
  });

  it("starts in a moment and runs to its end", { timeout: 60_000 }, async () => {
    // Processor time: others may be at work as well.
    const begun = process.cpuUsage();
    const services = [service(hub), ...parties.map((one) => service(one))];
    await using engine = await startEngine({ choreography: poll, services, database: memoryDatabase() });
    expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(1_000);
    const { sagaId } = await engine.send(ask);
    expect(await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(50_000) })).toMatchObject({
      end: "done",
    });
  });
});

describe("some of several", () => {
  it("completes with as many as are needed, and the others come late", () => {
    const { states } = compile(
      participant("Deed", {
        entity: "Deed",
        initial: "OPEN",
        states: {
          OPEN: [on(atLeast(2, first, second, Withdrawn), to("VALID"))],
          VALID: [ignore(first), ignore(second), ignore(Withdrawn)],
        },
      }),
    );
    expect([...states.keys()]).toEqual([
      "OPEN",
      "OPEN+Answered1",
      "OPEN+Answered2",
      "OPEN+Withdrawn",
      "VALID",
    ]);
    const sentence = states.get("OPEN+Answered2")?.sentences.get("event:Withdrawn");
    expect(sentence).toMatchObject({
      join: "completes",
      handler: { trigger: "2 of Answered1+Answered2+Withdrawn" },
    });
  });

  it.each([0, 4, 1.5, Number.NaN])("cannot be %d of three", (needed) => {
    expect(() => atLeast(needed, first, second, Withdrawn)).toThrow(RangeError);
  });
});

describe("a join in a JSON form", () => {
  const form = (join: unknown): unknown => ({
    name: "x",
    participants: { A: { initial: "s", states: { s: { join } } } },
    commands: {},
    publicEvents: [],
    ends: [],
    forbidden: [],
  });

  it.each([
    [{ facts: ["E"], outcomes: [{ to: "s" }] }, "A in s joins one event; a join has 2 to 24"],
    [{ facts: ["E", "E"], outcomes: [{ to: "s" }] }, "A in s joins E twice"],
    [
      { facts: ["E", "F"], atLeast: 3, outcomes: [{ to: "s" }] },
      "A in s waits for 3 of the 2 facts of its join",
    ],
    [
      { facts: ["E", "F"], outcomes: "ignore" },
      'the join of A.s must be a list of outcomes, not the text "ignore"',
    ],
    [{ facts: ["E", "F"], outcomes: [{ to: "t" }] }, "A in s on E+F goes to t, which is not a state of A"],
    [
      { facts: ["E", "F"], outcomes: [{ to: "s" }], never: { X: [["G"]] } },
      'A in s says "never X" once G has been seen, which is not a fact of a join in that state',
    ],
    [
      { facts: ["E", "F"], outcomes: [{ to: "s" }], never: { X: [[]] } },
      'the join of A.s has an empty set of facts under "never"',
    ],
    [
      { facts: ["E", "F"], outcomes: [{ to: "s" }], needed: 1 },
      'the join of A.s has the unknown key "needed"; known are facts, atLeast, rests, outcomes, never, description',
    ],
    [
      { facts: ["E", "F"], outcomes: [{ to: "s" }], rests: false },
      '"rests" of the join of A.s must be true or absent, not the boolean false',
    ],
  ])("is refused where it is none: %j", (join, message) => {
    const parsed = parseChoreography(form(join));
    expect(parsed.ok ? [] : parsed.problems.map((one) => one.message)).toContain(message);
  });
});
