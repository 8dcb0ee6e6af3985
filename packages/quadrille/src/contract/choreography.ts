// The participants' contracts, composed, with the ends of a saga and the forbidden combinations of states.
import type { FromElsewhere } from "./elsewhere.ts";
import type { CommandBudget, TallyJson } from "./json-form.ts";
import { sentencesOf, type Participant, type SentencesOf } from "./participant.ts";
import { assertKnownKeys } from "./known-keys.ts";
import type { CommandType, EventType } from "./trigger.ts";
import { assertDefinition } from "./value-shape.ts";

/** One or several states per participant, by the participant's name. Those not named may be in any state. */
export type StateSets = Readonly<Record<string, string | readonly string[]>>;

/** A declared end: the final states, and the values that tallies must have. */
export interface End {
  readonly states: StateSets;
  readonly tally: Readonly<Record<string, number>>;
}

/**
 * A choreography. Ends and forbidden combinations are data, so that they can be exported, shown and compared.
 */
export interface Choreography<P extends readonly Participant[] = readonly Participant[]> {
  readonly kind: "choreography";
  readonly name: string;
  readonly description: string | undefined;
  readonly participants: P;
  readonly ends: Readonly<Record<string, End>>;
  /** Combinations of states that must not be reachable, by name. */
  readonly forbidden: Readonly<Record<string, StateSets>>;
  readonly publicEvents: readonly string[];
  /** Public events of other choreographies that are taken here, each from one of them. */
  readonly takes: readonly FromElsewhere[];
  readonly commands: Readonly<Record<string, CommandBudget>>;
  /** What is known of tallies, besides the changes by outcomes. */
  readonly tallies: Readonly<Record<string, TallyJson>>;
}

type StatesOfNamed<P extends readonly Participant[], Name> =
  Extract<P[number], { readonly name: Name }> extends Participant<string, infer S> ? keyof S & string : never;

/**
 * The keys and values of an end or a forbidden combination: participants by name and, for an end, their
 * states.
 */
type EndDefinition<P extends readonly Participant[]> = {
  readonly [Name in P[number]["name"]]?: StatesOfNamed<P, Name> | readonly StatesOfNamed<P, Name>[];
} & { readonly tally?: Readonly<Record<string, number>> };
type ForbiddenDefinition<P extends readonly Participant[]> = {
  readonly [Name in P[number]["name"]]?: string | readonly string[];
};

/** The names of the commands that participants take. */
type CommandNameOf<P> =
  P extends Participant<string, infer S>
    ? Extract<SentencesOf<S[keyof S]>["trigger"], CommandType>["name"]
    : never;

/** What an author writes for a choreography. */
export interface ChoreographyDefinition<P extends readonly Participant[]> {
  readonly description?: string;
  readonly participants: P;
  readonly ends: Readonly<Record<string, EndDefinition<P>>>;
  /**
   * Combinations of states that must not be reachable, by name. They may name states that a later version
   * adds.
   */
  readonly forbidden?: Readonly<Record<string, ForbiddenDefinition<P>>>;
  /** Events that need no subscriber here. */
  readonly publicEvents?: readonly EventType[];
  /** Public events of other choreographies that participants take here: `[from(orders, OrderApproved)]`. */
  readonly takes?: readonly FromElsewhere[];
  /** How often each command may come within one saga, `{ cancelOrder: "unbounded" }`; once by default. */
  readonly commands?: { readonly [Name in CommandNameOf<P[number]>]?: CommandBudget };
  /**
   * What is known of tallies: `{ seats: { inside: true } }` is counted inside a participant, and is no call
   * to the outside.
   */
  readonly tallies?: Readonly<Record<string, TallyJson>>;
}

const definitionKeys: readonly (keyof ChoreographyDefinition<[]>)[] = [
  "description",
  "participants",
  "ends",
  "forbidden",
  "publicEvents",
  "takes",
  "commands",
  "tallies",
];

/**
 * Composes participants into a choreography. Throws `Q_CONTRACT_MALFORMED` where something in it is not what
 * the constructors return, which a compiler refuses.
 */
export function choreography<const P extends readonly Participant[]>(
  name: string,
  definition: ChoreographyDefinition<P>,
): Choreography<P> {
  assertDefinition(name, definition);
  assertKnownKeys(name, definition, definitionKeys);
  for (const [tally, declared] of Object.entries(definition.tallies ?? {}))
    assertKnownKeys(`${name}: the tally ${tally}`, declared, ["inside"]);
  return Object.freeze({
    kind: "choreography",
    name,
    description: definition.description,
    participants: Object.freeze(definition.participants),
    ends: Object.freeze(
      Object.fromEntries(Object.entries(definition.ends).map(([end, declared]) => [end, endOf(declared)])),
    ),
    forbidden: Object.freeze(
      Object.fromEntries(
        Object.entries(definition.forbidden ?? {}).map(([rule, declared]) => [rule, stateSets(declared)]),
      ),
    ),
    publicEvents: Object.freeze((definition.publicEvents ?? []).map((event) => event.name)),
    takes: Object.freeze(definition.takes ?? []),
    commands: Object.freeze({
      ...Object.fromEntries(commandNames(definition.participants).map((command) => [command, 1])),
      ...definition.commands,
    }),
    tallies: Object.freeze({ ...definition.tallies }),
  });
}

function endOf(declared: Readonly<Record<string, unknown>>): End {
  const { tally, ...states } = declared;
  return Object.freeze({
    states: stateSets(states),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- EndDefinition types this one key apart from the others
    tally: Object.freeze({ ...(tally as End["tally"] | undefined) }),
  });
}

function stateSets(declared: Readonly<Record<string, unknown>>): StateSets {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the definition's type says so, by each participant's name
  return Object.freeze({ ...(declared as StateSets) });
}

function commandNames(participants: readonly Participant[]): readonly string[] {
  const names = new Set<string>();
  for (const { trigger } of participants.flatMap((one) => Object.values(one.states).flatMap(sentencesOf))) {
    if (trigger.kind === "command") names.add(trigger.name);
  }
  return [...names];
}
