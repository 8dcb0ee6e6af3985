// The rules of well-formedness about names: one name means one thing, and some words and characters are
// reserved.
import type { Choreography } from "../choreography.ts";
import { pointer } from "../pointer.ts";
import { namedOutcomes } from "../outcome.ts";
import { type Participant, sentencesOf } from "../participant.ts";
import type { SingleTrigger } from "../trigger.ts";
import type { Use } from "./uses.ts";
import type { Complaint } from "./well-formed-rules.ts";

/** What is wrong with the names of a choreography. */
export function nameFindings(choreography: Choreography, uses: readonly Use[]): readonly Complaint[] {
  return [...clashes(uses), ...reserved(choreography, uses)];
}

/** One name for two declarations, or, within a participant, for two kinds of trigger. */
function clashes(uses: readonly Use[]): readonly Complaint[] {
  const byName = Map.groupBy(uses, ({ trigger }) => trigger.name);
  return [...byName].flatMap(([name, all]): readonly Complaint[] => {
    const kinds = [...Map.groupBy(all, ({ trigger }) => trigger.kind).values()];
    const declarations = kinds.flatMap((same): readonly Complaint[] => {
      const [first] = same;
      const other = same.find(({ trigger }) => !isSame(trigger, first?.trigger));
      if (first === undefined || other === undefined) return [];
      const message = `two different ${plurals[first.trigger.kind]} are called ${name}: ${useText(first)}, ${useText(other)}`;
      return [{ code: "W12", message, at: other.place }];
    });
    return [...declarations, ...kindClash(name, all)];
  });
}

const plurals = {
  event: "events",
  command: "commands",
  activity: "activities",
  deadline: "deadlines",
} as const;

function useText({ participant, state, role }: Use): string {
  return `one that ${participant} ${role} in ${state}`;
}

/** Two activities with one name have the same policy. */
function isSame(one: SingleTrigger, other: SingleTrigger | undefined): boolean {
  return schemaOf(one) === schemaOf(other) && policyOf(one) === policyOf(other);
}

function policyOf(trigger: SingleTrigger | undefined): string {
  return trigger?.kind === "activity" ? JSON.stringify(trigger.policy) : "";
}

function schemaOf(trigger: SingleTrigger | undefined): unknown {
  return trigger === undefined || trigger.kind === "deadline" ? undefined : trigger.schema;
}

/** Handlers are found by the trigger's name, so a state cannot take an event and a command of one name. */
function kindClash(name: string, uses: readonly Use[]): readonly Complaint[] {
  const taken = uses.filter(({ role }) => role === "takes");
  return [...Map.groupBy(taken, ({ place }) => place).values()].flatMap(
    ([first, ...others]): readonly Complaint[] => {
      const other = others.find(({ trigger }) => trigger.kind !== first?.trigger.kind);
      if (first === undefined || other === undefined) return [];
      const message = `${first.participant} takes ${name} as ${first.trigger.kind} and as ${other.trigger.kind} in one state`;
      return [{ code: "W12", message, at: first.place }];
    },
  );
}

const reservedParticipants = ["tally", "command", "deadline", "activity"];

function reserved({ participants }: Choreography, uses: readonly Use[]): readonly Complaint[] {
  const owners = participants.flatMap(({ name, states }): readonly Complaint[] => {
    const at = pointer("/participants", name);
    return [
      ...badName({ what: "participant", name, at, words: reservedParticipants }),
      ...Object.keys(states).flatMap((state) =>
        badName({
          what: "state",
          name: state,
          at: pointer(at, "states", state),
          words: [],
          characters: stateCharacters,
        }),
      ),
    ];
  });
  const triggers = [
    ...Map.groupBy(uses, ({ trigger }) => `${trigger.kind} ${trigger.name}`).values(),
  ].flatMap(([use]): readonly Complaint[] => {
    if (use === undefined) return [];
    const { kind, name } = use.trigger;
    return badName({ what: kind, name, at: use.place, words: [] });
  });
  return [...owners, ...triggers, ...participants.flatMap(emptyOutcomes)];
}

interface NamedUse {
  readonly what: string;
  readonly name: string;
  readonly at: string;
  readonly words: readonly string[];
  readonly characters?: readonly string[];
}

/** The longest name: one that a report can still list ten of. A partial state's has those of its facts. */
const nameCharsMax = 1_000;
/** Of a longer one, so much is shown. */
const shownChars = 40;

const reservedCharacters = ["+", "/", "#"];
/** A partial state of a join has a name with `+` in the JSON form. */
const stateCharacters = ["/", "#"];

function badName({ what, name, at, words, characters = reservedCharacters }: NamedUse): readonly Complaint[] {
  if (name === "") return [{ code: "W13", message: `${article(what)} has an empty name`, at }];
  if (name.length > nameCharsMax) {
    const shown = `${name.slice(0, shownChars)}… (${name.length.toLocaleString("en-US")} characters)`;
    const most = nameCharsMax.toLocaleString("en-US");
    return [
      { code: "W13", message: `${article(what)} is called ${shown}, and a name has at most ${most}`, at },
    ];
  }
  if (name !== name.normalize("NFC")) {
    const message = `${article(what)} is called ${name}, which is not written in Unicode's composed form (NFC)`;
    return [{ code: "W13", message, at }];
  }
  if (words.includes(name))
    return [{ code: "W13", message: `${article(what)} is called ${name}, which is a reserved word`, at }];
  const character = characters.find((one) => name.includes(one));
  return character === undefined
    ? []
    : [
        {
          code: "W13",
          message: `${article(what)} is called ${name}, and "${character}" is a reserved character`,
          at,
        },
      ];
}

function article(what: string): string {
  return `${/^[aeiou]/.test(what) ? "an" : "a"} ${what}`;
}

/** The empty name is the outcome of a reaction that has only one. */
function emptyOutcomes(participant: Participant): readonly Complaint[] {
  return Object.entries(participant.states).flatMap(([state, definition]) =>
    sentencesOf(definition).flatMap((sentence): readonly Complaint[] => {
      const named =
        sentence.kind === "reaction" ? namedOutcomes(sentence.outcomes) : new Map<string, never>();
      if (named.size < 2 || !named.has("")) return [];
      const message = `${participant.name} in ${state} on ${sentence.trigger.name} has an outcome with an empty name`;
      return [{ code: "W13", message, at: pointer("/participants", participant.name, "states", state) }];
    }),
  );
}
