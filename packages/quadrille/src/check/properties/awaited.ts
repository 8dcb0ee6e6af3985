// What a lock waits for when everything is at rest, and why that does not come.
import type { PlacedSentence } from "../../contract/json/sentences.ts";
import type { Exploration } from "../explore/explore.ts";
import { factsSeen, fullStateName, localOf, pendingIn, stateName } from "../explore/view.ts";
import { listed, listedBriefly, type PathStep } from "../model/finding.ts";
import type { Instance } from "../model/world.ts";

/** An instance that waits in a state of rest. */
export interface WaitingInstance {
  readonly exploration: Exploration;
  readonly state: number;
  readonly instance: Instance;
}

/** What would release a lock, and who could send it. */
export function waitsFor(waiting: WaitingInstance): string {
  const { exploration, state, instance } = waiting;
  const seen = factsSeen(exploration, state, instance);
  const here = sentencesIn(waiting, instance);
  const awaited = here
    .filter(({ kind, fact, trigger }) => kind === "event" && !(fact !== undefined && seen.includes(trigger)))
    .map(({ trigger }) => trigger);
  const commands = here.filter(({ kind }) => kind === "command").map(({ trigger }) => trigger);
  if (awaited.length === 0) return releasedBy(commands);
  const stuck = pendingIn(exploration, state).find(
    ({ event, to, behind }) => to === instance && behind !== undefined && awaited.includes(event),
  );
  if (stuck !== undefined) return `${stuck.event} is behind ${stuck.behind}, which is deferred`;
  const missing =
    awaited.length === 1
      ? `${listed(awaited)} is not on its way`
      : `none of ${listedBriefly(awaited)} is on its way`;
  const never = unpublished(exploration, awaited);
  if (never.length > 0) return `${missing}: no participant publishes ${listedBriefly(never, "or")}`;
  const own = commands.length === 0 ? "" : `, and ${commandWords(commands)} may never come`;
  return `${missing}${own}${askedOf(waiting, awaited, own === "")}`;
}

/** The reactions of an instance in the state that it is in. */
function sentencesIn({ exploration, state }: WaitingInstance, instance: Instance): readonly PlacedSentence[] {
  const local = stateName(instance, localOf(exploration, state, instance));
  const { byState } = exploration.program.world;
  const sentences = byState.get(instance.participant)?.get(local) ?? [];
  return sentences.filter(({ disposition }) => typeof disposition !== "string");
}

function emits({ disposition }: PlacedSentence, events: readonly string[]): readonly string[] {
  if (typeof disposition === "string") return [];
  return events.filter((event) => disposition.some(({ emit = [] }) => emit.includes(event)));
}

/** The events that no sentence publishes. */
function unpublished({ program }: Exploration, events: readonly string[]): readonly string[] {
  const { sentences } = program.world;
  return events.filter((event) => !sentences.some((one) => emits(one, [event]).length > 0));
}

/**
 * Who waits in a state of rest for an event that no participant publishes, as words to add to a sentence;
 * empty if there is none.
 */
export function waitsInVain(exploration: Exploration, state: number, saga: number): string {
  const { instances } = exploration.program.world;
  const words = instances.flatMap((instance) => {
    if (instance.saga !== saga && instance.saga !== 0) return [];
    const awaited = sentencesIn({ exploration, state, instance }, instance).filter(
      ({ kind }) => kind === "event",
    );
    const never = unpublished(
      exploration,
      awaited.map(({ trigger }) => trigger),
    );
    const who = `${instance.name} in ${fullStateName(exploration, state, instance)}`;
    return never.length === 0 ? [] : [`${who} waits for ${listedBriefly(never, "or")}`];
  });
  return words.length === 0 ? "" : `; ${listedBriefly(words)}, which no participant publishes`;
}

/** Who could send what is awaited: the waiting one alone, or others that wait for a command themselves. */
function askedOf(waiting: WaitingInstance, awaited: readonly string[], isNews: boolean): string {
  const { exploration, state, instance } = waiting;
  const { sentences, instances } = exploration.program.world;
  const { participant } = instance;
  const senders = sentences.filter((one) => emits(one, awaited).length > 0);
  if (senders.length > 0 && senders.every((one) => one.participant === participant))
    return `, and only ${participant} itself could send it (self-wait)`;
  const words = instances.flatMap((sender) =>
    sender === instance || (sender.saga !== 0 && sender.saga !== instance.saga)
      ? []
      : sentencesIn(waiting, sender)
          .filter(({ kind }) => kind === "command")
          .flatMap((one) => emits(one, awaited).map((event) => ({ event, command: one.trigger })))
          .map(
            ({ event, command }) =>
              `${sender.name} in ${fullStateName(exploration, state, sender)} publishes ${event} on ${commandWords([command])}`,
          ),
  );
  const why = isNews ? ", and a command may never come" : "";
  return words.length === 0 ? "" : `; ${listedBriefly(words)}${why}`;
}

function commandWords(commands: readonly string[]): string {
  return `the ${commands.length === 1 ? "command" : "commands"} ${listedBriefly(commands)}`;
}

/** Of a lock that no event releases. */
function releasedBy(commands: readonly string[]): string {
  if (commands.length === 0) return "no event releases it";
  const release = commands.length === 1 ? "releases" : "release";
  return `only ${commandWords(commands)} ${release} it, and a command may never come`;
}

/**
 * Where a message of another saga moved a shared entity out of a state with a deadline or a call, which would
 * have come for this saga: the step, in words to add to a sentence; empty if there is none.
 */
export function movedByOthers({ program }: Exploration, path: readonly PathStep[], saga: number): string {
  const { choreography, instances } = program.world;
  const shared = new Set(instances.filter((one) => one.saga === 0).map(({ name }) => name));
  const enteredBy = new Map<string, number>();
  let words = "";
  for (const step of path) {
    if (!shared.has(step.entity) || step.from === step.to) continue;
    const { deadlines, activities } = choreography.participants[step.participant]?.states[step.from] ?? {};
    const acts = deadlines !== undefined || activities !== undefined;
    if (acts && step.saga !== saga && enteredBy.get(step.entity) === saga)
      words = `; ${step.trigger} of saga ${step.saga} moved ${step.entity} out of ${step.from}, which saga ${saga} had entered: an outcome may be for the own saga alone (ifOwn)`;
    enteredBy.set(step.entity, step.saga);
  }
  return words;
}
