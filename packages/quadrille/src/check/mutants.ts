// Single-point mutants of a contract: each is one plausible slip of its author.
import type {
  ChoreographyJson,
  DispositionJson,
  OutcomeJson,
  ParticipantJson,
} from "../contract/json-form.ts";
import { pointer } from "../contract/pointer.ts";
import { sentencesIn, type StateKey } from "../contract/trigger-kind.ts";

/** The kinds of slips. */
export type MutationKind =
  | "drop emission"
  | "duplicate emission"
  | "retarget outcome"
  | "drop reaction"
  | "swap ignore and defer";

/** A contract with one slip. */
export interface Mutant {
  readonly kind: MutationKind;
  /** What was changed, in one sentence. */
  readonly description: string;
  /** The place in the contract, as a JSON pointer. */
  readonly at: string;
  readonly choreography: ChoreographyJson;
}

/**
 * Lists every mutant, in the order of the contract. Commands, deadlines and activities are mutated as events
 * are.
 */
export function listMutants(choreography: ChoreographyJson): Mutant[] {
  return Object.entries(choreography.participants).flatMap(([participant, value]) =>
    Object.entries(value.states).flatMap(([state, json]) => [
      ...sentencesIn(json).flatMap(({ key, trigger, disposition }) =>
        mutateReaction({ choreography, participant, value, state, key, trigger }, disposition),
      ),
      ...(json.join === undefined
        ? []
        : mutateReaction(
            { choreography, participant, value, state, key: "join", trigger: json.join.facts.join("+") },
            json.join.outcomes,
          )),
    ]),
  );
}

interface Spot {
  readonly choreography: ChoreographyJson;
  readonly participant: string;
  readonly value: ParticipantJson;
  readonly state: string;
  readonly key: StateKey | "join";
  readonly trigger: string;
}

function mutateReaction(spot: Spot, disposition: DispositionJson): Mutant[] {
  const { trigger, state, participant } = spot;
  const where = `${trigger} at ${participant} in ${state}`;
  if (disposition === "never") return [];
  const dropped = mutant(
    spot,
    { kind: "drop reaction", description: `no sentence is left about ${where}` },
    undefined,
  );
  if (disposition === "ignore" || disposition === "defer") {
    const other = disposition === "ignore" ? "defer" : "ignore";
    return [
      dropped,
      mutant(
        spot,
        { kind: "swap ignore and defer", description: `${other} instead of ${disposition} for ${where}` },
        other,
      ),
    ];
  }
  return [
    dropped,
    ...disposition.flatMap((outcome, index) => mutateOutcome(spot, { outcome, index, disposition, where })),
  ];
}

interface OutcomeSpot {
  readonly outcome: OutcomeJson;
  readonly index: number;
  readonly disposition: readonly OutcomeJson[];
  readonly where: string;
}

function mutateOutcome(spot: Spot, { outcome, index, disposition, where }: OutcomeSpot): Mutant[] {
  const emit = outcome.emit ?? [];
  const named = outcome.choice === undefined ? where : `${where}, outcome ${outcome.choice}`;
  const make = (what: Slip, changed: OutcomeJson): Mutant =>
    mutant(spot, what, disposition.with(index, changed));
  return [
    ...emit.map((event, at) =>
      make(
        { kind: "drop emission", description: `${event} is not published on ${named}` },
        { ...outcome, emit: emit.toSpliced(at, 1) },
      ),
    ),
    ...emit.map((event, at) =>
      make(
        { kind: "duplicate emission", description: `${event} is published twice on ${named}` },
        { ...outcome, emit: emit.toSpliced(at, 0, event) },
      ),
    ),
    ...Object.keys(spot.value.states)
      .filter((target) => target !== outcome.to)
      .map((to) =>
        make(
          { kind: "retarget outcome", description: `${named} leads to ${to} instead of ${outcome.to}` },
          { ...outcome, to },
        ),
      ),
  ];
}

interface Slip {
  readonly kind: MutationKind;
  readonly description: string;
}

function mutant(spot: Spot, slip: Slip, disposition: DispositionJson | undefined): Mutant {
  const { choreography, participant, value, state, key, trigger } = spot;
  const own = value.states[state] ?? {};
  if (key === "join") {
    const { join, ...rest } = own;
    const isKept = join !== undefined && disposition !== undefined && typeof disposition !== "string";
    const changed = isKept ? { ...rest, join: { ...join, outcomes: disposition } } : rest;
    const states = { ...value.states, [state]: changed };
    const participants = { ...choreography.participants, [participant]: { ...value, states } };
    const at = pointer("/participants", participant, "states", state, "join");
    return { ...slip, at, choreography: { ...choreography, participants } };
  }
  const others = Object.entries(own[key] ?? {}).filter(([name]) => name !== trigger);
  const reactions = Object.fromEntries(
    disposition === undefined ? others : [...others, [trigger, disposition]],
  );
  const states = { ...value.states, [state]: { ...own, [key]: reactions } };
  const participants = { ...choreography.participants, [participant]: { ...value, states } };
  const at = pointer("/participants", participant, "states", state, key, trigger);
  return { ...slip, at, choreography: { ...choreography, participants } };
}
