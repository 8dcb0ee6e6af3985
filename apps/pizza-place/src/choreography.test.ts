// The contracts of the order's life: those that are published are the reference, up to the names of initial
// and partial join states; those that run are the published ones and a ticket's last two states. Each is
// checked, with exact counts.
import { readFileSync } from "node:fs";
import { type Choreography, toJson } from "quadrille";
import { check } from "quadrille/check";
import { describe, expect, it } from "vitest";
import { orderLife } from "./choreography.ts";
import { carefulOrderLife } from "./life/careful.ts";
import { publishedLife } from "./life/published.ts";
import { publishedLifeWithDeadline } from "./life/published-with-deadline.ts";
import { orderLifeWithDeadline } from "./life/with-deadline.ts";

interface OutcomeJson {
  readonly to: string;
  readonly choice?: string;
}
interface StateJson {
  readonly [kind: string]: boolean | Record<string, string | readonly OutcomeJson[]> | undefined;
}
interface ParticipantJson {
  readonly initial: string;
  readonly states: Readonly<Record<string, StateJson>>;
}
interface Json {
  readonly name: string;
  readonly description: string;
  readonly participants: Readonly<Record<string, ParticipantJson>>;
  readonly ends: readonly { readonly name: string }[];
}

const parse = (text: string): unknown => JSON.parse(text);

const reference = (name: string) =>
  parse(
    readFileSync(
      new URL(`../../../packages/quadrille/test/choreographies/${name}.json`, import.meta.url),
      "utf8",
    ),
  ) as Json;

/** The outcomes that lead out of a state, each under a name that says kind, trigger and choice. */
function waysOut(state: StateJson | undefined): ReadonlyMap<string, string> {
  const ways = Object.entries(state ?? {}).flatMap(([kind, sentences]) =>
    typeof sentences !== "object"
      ? []
      : Object.entries(sentences).flatMap(([trigger, disposition]) =>
          typeof disposition === "string"
            ? []
            : disposition.map(({ to, choice = "" }) => [`${kind} ${trigger} ${choice}`, to] as const),
        ),
  );
  return new Map(ways);
}

/** The reference's name for each of our states, found by going the same ways through both. */
function matchStates(
  ours: ParticipantJson,
  theirs: ParticipantJson,
  names = new Map([[ours.initial, theirs.initial]]),
): ReadonlyMap<string, string> {
  for (const [own, other] of names) {
    const otherWays = waysOut(theirs.states[other]);
    for (const [way, to] of waysOut(ours.states[own])) {
      const known = names.get(to);
      const named = otherWays.get(way) ?? "";
      if (known === undefined) names.set(to, named);
      else expect(known, `${own} ${way}`).toBe(named);
    }
  }
  return names;
}

/** The participant under other names of states. */
function renamed(participant: ParticipantJson, names: ReadonlyMap<string, string>): ParticipantJson {
  const nameOf = (state: string) => names.get(state) ?? state;
  const text = JSON.stringify(participant.states, (key, value: unknown) =>
    key === "to" && typeof value === "string" ? nameOf(value) : value,
  );
  const states = parse(text) as Record<string, StateJson>;
  return {
    initial: nameOf(participant.initial),
    states: Object.fromEntries(Object.entries(states).map(([name, state]) => [nameOf(name), state])),
  };
}

/** Ours under the reference's names of states, and which of ours are called otherwise. */
function underTheirNames(choreography: Choreography, theirs: Json) {
  const json = parse(JSON.stringify(toJson(choreography))) as Json;
  const matched = Object.entries(json.participants).map(([name, ours]) => {
    const other = theirs.participants[name];
    if (other === undefined) throw new Error(`the reference has no ${name}`);
    return { name, ours, states: matchStates(ours, other) };
  });
  const participants = matched.map(({ name, ours, states }) => [name, renamed(ours, states)] as const);
  const otherwise = matched.flatMap(({ name, states }) =>
    [...states].filter(([own, other]) => own !== other).map(([own]) => `${name} ${own}`),
  );
  return { json: { ...json, participants: Object.fromEntries(participants) }, otherwise };
}

const partialStates = [
  "Accounting ABSENT+ConsumerVerified",
  "Accounting ABSENT+ConsumerVerified+TicketCreated",
  "Accounting ABSENT+OrderCreated",
  "Accounting ABSENT+OrderCreated+ConsumerVerified",
  "Accounting ABSENT+OrderCreated+TicketCreated",
  "Accounting ABSENT+TicketCreated",
];

/** The contract without what the pizza place adds to the published one: the last two states of a ticket. */
function withoutPickUp(choreography: Choreography): Json {
  const added = ["READY_FOR_PICKUP", "PICKED_UP", "finishPreparing", "pickUpTicket"];
  const text = JSON.stringify(toJson(choreography), (key, value: unknown) => {
    if (added.includes(key)) return undefined;
    if (
      key === "commands" &&
      value !== null &&
      Object.keys(value as object).every((one) => added.includes(one))
    )
      return undefined;
    return Array.isArray(value) ? value.filter((one) => !added.includes(String(one))) : value;
  });
  return parse(text) as Json;
}

describe.each([
  { file: "order-lifecycle", contract: publishedLife, run: orderLife, counts: [161, 341] },
  {
    file: "order-lifecycle-with-deadline",
    contract: publishedLifeWithDeadline,
    run: orderLifeWithDeadline,
    counts: [289, 810],
  },
])("the life as in $file", ({ file, contract, run, counts: [states, transitions] }) => {
  it("equals the reference, up to the names of partial join states", () => {
    const { json, otherwise } = underTheirNames(contract, reference(file));
    const { ends, ...rest } = reference(file);
    // The reference declares the end that is implied: nothing has happened.
    expect(json).toEqual({ ...rest, ends: ends.filter(({ name }) => name !== "nothing") });
    expect(otherwise.toSorted()).toEqual(partialStates);
  });

  it("is checked clean, with exactly as many states and transitions as are known", () => {
    const report = check(toJson(contract), { channel: "bag" });
    expect(report).toMatchObject({ states, transitions, exhausted: true });
    expect(report.ends.map(({ name }) => name).toSorted()).toEqual(
      reference(file)
        .ends.map(({ name }) => name)
        .toSorted(),
    );
    expect(report.findings.filter(({ severity }) => severity !== "report")).toEqual([]);
  });

  it("is what the pizza place runs, but for a ticket's last two states", () => {
    const { name: _, description: __, ...ofRun } = withoutPickUp(run);
    const { name: ___, description: ____, ...published } = parse(JSON.stringify(toJson(contract))) as Json;
    expect(ofRun).toEqual(published);
  });
});

describe.each([
  { what: "the life", contract: orderLife, counts: [173, 367] },
  { what: "the life with a deadline", contract: orderLifeWithDeadline, counts: [299, 832] },
  { what: "the careful life", contract: carefulOrderLife, counts: [943, 2_172] },
])("$what", ({ contract, counts: [states, transitions] }) => {
  it("is checked clean, with exactly as many states and transitions as are known", () => {
    const report = check(toJson(contract), { channel: "bag" });
    expect(report.findings.filter(({ severity }) => severity !== "report")).toEqual([]);
    expect(report).toMatchObject({ states, transitions, exhausted: true });
  });

  it("is as clean in the engine's order, with a report about reactions to messages that overtake", () => {
    const { findings, exhausted } = check(toJson(contract));
    expect(exhausted).toBe(true);
    expect(findings.filter(({ severity }) => severity !== "report")).toEqual([]);
    const late = findings.filter(({ code }) => code === "P7").map(({ message }) => message);
    expect(late.join()).toMatch(/^\d+ parts of the contract are for messages that overtake others/);
  });
});
