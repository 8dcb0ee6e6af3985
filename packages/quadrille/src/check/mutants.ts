// Single-point mutants of a contract: each is one plausible slip of its author.
import type {
  ChoreographyJson,
  DispositionJson,
  OutcomeJson,
  ParticipantJson,
  TriggerKind,
} from "../contract/json-form.ts";
import { KINDS, pointer } from "../contract/json-references.ts";

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

/** Lists every mutant, in the order of the contract. Commands, timers and effects are mutated as events are. */
export function listMutants(choreography: ChoreographyJson): Mutant[] {
  return Object.entries(choreography.participants).flatMap(([participant, value]) =>
    Object.entries(value.states).flatMap(([state, { on, commands, timers, effects }]) =>
      Object.entries({ on, commands, timers, effects }).flatMap(([key, reactions]) => {
        const kind = KINDS.find((one) => one === key) ?? "on";
        return Object.entries(reactions ?? {}).flatMap(([trigger, disposition]) =>
          mutateReaction({ choreography, participant, value, state, kind, trigger }, disposition),
        );
      }),
    ),
  );
}

interface Spot {
  readonly choreography: ChoreographyJson;
  readonly participant: string;
  readonly value: ParticipantJson;
  readonly state: string;
  readonly kind: TriggerKind;
  readonly trigger: string;
}

function mutateReaction(spot: Spot, disposition: DispositionJson): Mutant[] {
  const { trigger, state, participant } = spot;
  const where = `${trigger} at ${participant} in ${state}`;
  if (disposition === "never") return [];
  const dropped = mutant(
    spot,
    { kind: "drop reaction", description: `nothing is said about ${where}` },
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
  const { choreography, participant, value, state, kind, trigger } = spot;
  const own = value.states[state] ?? {};
  const others = Object.entries(own[kind] ?? {}).filter(([name]) => name !== trigger);
  const reactions = Object.fromEntries(
    disposition === undefined ? others : [...others, [trigger, disposition]],
  );
  const states = { ...value.states, [state]: { ...own, [kind]: reactions } };
  const participants = { ...choreography.participants, [participant]: { ...value, states } };
  const at = pointer("/participants", participant, "states", state, kind, trigger);
  return { ...slip, at, choreography: { ...choreography, participants } };
}
