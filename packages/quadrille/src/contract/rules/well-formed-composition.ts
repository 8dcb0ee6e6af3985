// The rules of well-formedness about several participants: who emits, who takes, what ends refer to, what
// names mean.
import type { Choreography, StateSets } from "../choreography.ts";
import { own } from "../own.ts";
import { pointer } from "../pointer.ts";
import { talliesOf } from "../participant.ts";
import { participantNameProblem } from "../schema-name.ts";
import { isKeyed } from "../table.ts";
import { type Use, usesOf } from "./uses.ts";
import type { Complaint } from "./well-formed-rules.ts";
import { elsewhereFindings } from "./well-formed-elsewhere.ts";
import { nameFindings } from "./well-formed-names.ts";

/** What is wrong with the participants taken together. */
export function compositionFindings(choreography: Choreography): readonly Complaint[] {
  const uses = choreography.participants.flatMap(usesOf);
  return [
    ...noParticipants(choreography),
    ...sameParticipants(choreography),
    ...unnamedTables(choreography),
    ...unheard(choreography, uses),
    ...neverEmitted(choreography, uses),
    ...elsewhereFindings(choreography, uses),
    ...sharedCommands(uses),
    ...unknownNames(choreography, uses),
    ...sharedInEnds(choreography),
    ...nameFindings(choreography, uses),
  ];
}

/** The first use of each name. */
function firstByName(uses: readonly Use[]): ReadonlyMap<string, Use> {
  return new Map(uses.toReversed().map((use) => [use.trigger.name, use]));
}

function eventUses(uses: readonly Use[], role: Use["role"]): ReadonlyMap<string, Use> {
  return firstByName(uses.filter((use) => use.trigger.kind === "event" && use.role === role));
}

function noParticipants({ participants }: Choreography): readonly Complaint[] {
  return participants.length > 0
    ? []
    : [{ code: "W28", message: "there are no participants", at: "/participants" }];
}

function sameParticipants({ participants }: Choreography): readonly Complaint[] {
  const names = participants.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => ({
    code: "W20",
    message: `two participants are called ${name}`,
    at: pointer("/participants", name),
  }));
}

function unnamedTables({ participants }: Choreography): readonly Complaint[] {
  return participants.flatMap(({ name }): readonly Complaint[] => {
    // An empty name is W13 already.
    const message = name === "" ? undefined : participantNameProblem(name);
    return message === undefined ? [] : [{ code: "W21", message, at: pointer("/participants", name) }];
  });
}

function unheard(choreography: Choreography, uses: readonly Use[]): readonly Complaint[] {
  const taken = eventUses(uses, "takes");
  const lonely = [...eventUses(uses, "emits").values()].filter(
    ({ trigger: { name } }) => !taken.has(name) && !choreography.publicEvents.includes(name),
  );
  return lonely.map(({ participant, trigger: { name }, place }) => {
    return {
      code: "W04",
      message: `${participant} emits ${name}, which no participant takes and which is not public`,
      at: place,
    };
  });
}

function neverEmitted(choreography: Choreography, uses: readonly Use[]): readonly Complaint[] {
  const emitted = eventUses(uses, "emits");
  const taken = new Set(choreography.takes.map(({ event }) => event.name));
  const awaited = [...eventUses(uses, "takes").values()].filter(
    ({ trigger: { name } }) => !emitted.has(name) && !taken.has(name),
  );
  const silent = choreography.publicEvents.filter((name) => !emitted.has(name));
  return [
    ...awaited.map(({ participant, trigger: { name }, place }): Complaint => {
      return {
        code: "W05",
        message: `${participant} takes ${name}, which no participant emits`,
        at: pointer(place, "on", name),
      };
    }),
    ...silent.map((name): Complaint => {
      return { code: "W05", message: `${name} is public, but no participant emits it`, at: "/publicEvents" };
    }),
  ];
}

function sharedCommands(uses: readonly Use[]): readonly Complaint[] {
  const commands = Map.groupBy(
    uses.filter(({ trigger }) => trigger.kind === "command"),
    ({ trigger }) => trigger.name,
  );
  return [...commands].flatMap(([name, takers]) => {
    const participants = [...new Set(takers.map(({ participant }) => participant))];
    if (participants.length < 2) return [];
    return [
      {
        code: "W10" as const,
        message: `${participants.join(" and ")} both take the command ${name}`,
        at: pointer("/commands", name),
      },
    ];
  });
}

function unknownNames(choreography: Choreography, uses: readonly Use[]): readonly Complaint[] {
  const commands = new Set(uses.flatMap(({ trigger }) => (trigger.kind === "command" ? [trigger.name] : [])));
  const tallies = new Set(choreography.participants.flatMap(talliesOf));
  const ends = Object.entries(choreography.ends).flatMap(([name, end], index): readonly Complaint[] => {
    const at = pointer("/ends", index);
    const unknown = Object.keys(end.tally).filter((tally) => !tallies.has(tally));
    return [
      ...unknownStates({
        choreography,
        what: `the end "${name}"`,
        sets: end.states,
        at: `${at}/states`,
        later: false,
      }),
      ...unknown.map(
        (tally): Complaint => ({
          code: "W11",
          message: `the end "${name}" counts ${tally}, which no outcome changes`,
          at: pointer(at, "tally", tally),
        }),
      ),
    ];
  });
  const known = Object.keys(choreography.tallies).flatMap((tally): readonly Complaint[] =>
    tallies.has(tally)
      ? []
      : [
          {
            code: "W11",
            message: `the tally ${tally} is declared, and no outcome changes it`,
            at: pointer("/tallies", tally),
          },
        ],
  );
  const forbidden = Object.entries(choreography.forbidden).flatMap(([name, sets], index) =>
    unknownStates({
      choreography,
      what: `the forbidden combination "${name}"`,
      sets,
      at: pointer("/forbidden", index, "states"),
      later: true,
    }),
  );
  const budgets = Object.keys(choreography.commands).filter((name) => !commands.has(name));
  return [
    ...ends,
    ...known,
    ...forbidden,
    ...budgets.map((name): Complaint => {
      return {
        code: "W11",
        message: `the command ${name} has a budget, but no participant takes it`,
        at: pointer("/commands", name),
      };
    }),
  ];
}

/** Ends that name a shared entity: its state does not depend on one saga. */
function sharedInEnds({ ends, participants }: Choreography): readonly Complaint[] {
  const shared = new Set(participants.filter(isKeyed).map(({ name }) => name));
  return Object.entries(ends).flatMap(([end, { states }], index) =>
    Object.keys(states)
      .filter((name) => shared.has(name))
      .map((name): Complaint => {
        const message = `the end "${end}" names ${name}, whose entity is shared by sagas`;
        return { code: "W24", message, at: pointer("/ends", index, "states", name) };
      }),
  );
}

interface Combination {
  readonly choreography: Choreography;
  readonly what: string;
  readonly sets: StateSets;
  readonly at: string;
  /** Whether it may name states that a later version adds, beside one that there is. */
  readonly later: boolean;
}

function unknownStates({ choreography, what, sets, at: place, later }: Combination): readonly Complaint[] {
  // Without states every state would be this end, or forbidden. An end has none to name where all are shared.
  const isNamed = Object.keys(sets).length > 0 || (!later && choreography.participants.every(isKeyed));
  if (!isNamed) return [{ code: "W11", message: `${what} names no states`, at: place }];
  const states = Object.fromEntries(choreography.participants.map((one) => [one.name, one.states]));
  return Object.entries(sets).flatMap(([name, wanted]): readonly Complaint[] => {
    const known = own(states, name);
    const at = pointer(place, name);
    if (known === undefined)
      return [
        { code: "W11", message: `${what} names the participant ${name}, which does not take part`, at },
      ];
    const all = [wanted].flat();
    const unknown = all.filter((state) => !Object.hasOwn(known, state));
    if (later && unknown.length < all.length) return [];
    return unknown.map((state) => ({
      code: "W11",
      message: `${what} wants ${name} in ${state}, which is not one of its states`,
      at,
    }));
  });
}
