// The choreography that runs is the reference one, up to the names of initial and partial join states.
import { readFileSync } from "node:fs";
import { toJson } from "quadrille";
import { describe, expect, it } from "vitest";
import { createOrderSaga } from "./choreography.ts";

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
  readonly participants: Readonly<Record<string, ParticipantJson>>;
}

const parse = (text: string): unknown => JSON.parse(text);

const reference = parse(
  readFileSync(
    new URL("../../../packages/quadrille/test/choreographies/create-order.json", import.meta.url),
    "utf8",
  ),
) as Json;

/** The outcomes that lead out of a state, each under a name that says kind, trigger and choice. */
function waysOut(state: StateJson | undefined): ReadonlyMap<string, string> {
  const ways = Object.entries(state ?? {}).flatMap(([kind, said]) =>
    typeof said !== "object"
      ? []
      : Object.entries(said).flatMap(([trigger, disposition]) =>
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

describe("the choreography of the pizza place", () => {
  const json = parse(JSON.stringify(toJson(createOrderSaga))) as Json;
  const names = Object.entries(json.participants).map(([name, ours]) => {
    const theirs = reference.participants[name];
    if (theirs === undefined) throw new Error(`the reference has no ${name}`);
    return [name, matchStates(ours, theirs)] as const;
  });

  it("equals the reference, up to the names of partial join states", () => {
    const participants = names.map(([name, states]) => {
      const ours = json.participants[name];
      if (ours === undefined) throw new Error(`no ${name}`);
      return [name, renamed(ours, states)] as const;
    });
    expect({ ...json, participants: Object.fromEntries(participants) }).toEqual(reference);
  });

  it("calls only Accounting's partial states otherwise", () => {
    const others = names.flatMap(([name, states]) =>
      [...states].filter(([own, other]) => own !== other).map(([own]) => `${name} ${own}`),
    );
    expect(others.toSorted()).toEqual([
      "Accounting ABSENT+ConsumerVerified",
      "Accounting ABSENT+ConsumerVerified+TicketCreated",
      "Accounting ABSENT+OrderCreated",
      "Accounting ABSENT+OrderCreated+ConsumerVerified",
      "Accounting ABSENT+OrderCreated+TicketCreated",
      "Accounting ABSENT+TicketCreated",
    ]);
  });
});
