// P7: what is never used: events without a subscriber or a publisher, states and reactions that cannot be
// reached.
import { pointer, pointerKeys } from "../../contract/pointer.ts";
import { standsFor } from "../explore/exchange-places.ts";
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding, listedBriefly } from "../model/finding.ts";
import { placeOf } from "../explore/view.ts";
import { type World } from "../model/world.ts";
import { similarName } from "../../contract/similar-name.ts";
import { isSaidOnce, outcomesOf, type PlacedSentence } from "../../contract/json/sentences.ts";

/**
 * What the contract alone shows: events that no participant takes or publishes, and commands that never come.
 */
export function checkConnections({ program }: Exploration): Finding[] {
  const { world } = program;
  const { choreography, subscribers, sentences: reactions } = world;
  const publishers = new Map<string, PlacedSentence[]>();
  for (const reaction of reactions) {
    for (const event of new Set(outcomesOf(reaction).flatMap(({ emit = [] }) => emit))) {
      const known = publishers.get(event);
      if (known === undefined) publishers.set(event, [reaction]);
      else known.push(reaction);
    }
  }
  const dead = (message: string, at: string): Finding => finding("P7", { message, at, path: [] });
  const unheard = [...publishers].filter(
    ([event]) => !subscribers.has(event) && !choreography.publicEvents.includes(event),
  );
  const unsent = [...subscribers].filter(([event]) => !publishers.has(event));
  return [
    ...unheard.map(([event, by]) => {
      const message = `${event} is published by ${namesOf(by)}, and no participant subscribes to it`;
      const at = by[0]?.at ?? "";
      const meant = similarName(
        event,
        unsent.map(([other]) => other),
      );
      if (meant === undefined)
        return finding("P7", { message, at, path: [], repair: { kind: "publish", event } });
      const takers = listedBriefly(subscribers.get(meant) ?? []);
      return dead(`${message}; perhaps it means ${meant}, heard by ${takers}`, at);
    }),
    ...unsent.map(([event, by]) => {
      const named = reactions.filter((one) => one.kind === "event" && one.trigger === event);
      const first = named.find(({ disposition }) => typeof disposition !== "string") ?? named[0];
      return dead(
        `${listedBriefly(by)} ${by.length === 1 ? "subscribes" : "subscribe"} to ${event}, which no participant publishes`,
        first?.at ?? "",
      );
    }),
    ...choreography.publicEvents.flatMap((event, index) =>
      publishers.has(event)
        ? []
        : [dead(`the public event ${event} is published by no participant`, `/publicEvents/${index}`)],
    ),
    ...repeated(world).map(({ event, participant, trigger, at }) =>
      dead(`${event} is published twice on ${trigger} by ${participant}: the second one has no effect`, at),
    ),
    ...uncommanded(world).map(({ trigger, participant, at }) =>
      dead(`the command ${trigger} of ${participant} may never come: it has no budget`, at),
    ),
  ];
}

function namesOf(reactions: readonly PlacedSentence[]): string {
  return listedBriefly([...new Set(reactions.map((one) => one.participant))]);
}

/** An outcome emits an event at most once: a second one would be a duplicate by design. */
function repeated({ sentences: reactions }: World): (PlacedSentence & { readonly event: string })[] {
  return reactions
    .filter(isSaidOnce)
    .flatMap((one) =>
      outcomesOf(one).flatMap(({ emit = [] }) =>
        emit.length < 2
          ? []
          : emit.filter((event, index) => emit.indexOf(event) !== index).map((event) => ({ ...one, event })),
      ),
    );
}

function uncommanded({ choreography, sentences: reactions }: World): PlacedSentence[] {
  const seen = new Set<string>();
  return reactions.filter((one) => {
    const budget = Object.hasOwn(choreography.commands, one.trigger) ? choreography.commands[one.trigger] : 0;
    if (one.kind !== "command" || budget !== 0 || seen.has(one.trigger)) return false;
    seen.add(one.trigger);
    return true;
  });
}

/**
 * What exploration shows: states that are never reached, and reactions that never happen in states that are.
 * Only an exhausted exploration without stopped entities shows that.
 */
export function checkDeadCode(exploration: Exploration): Finding[] {
  return deadParts(exploration).map(({ message, at }) => finding("P7", { message, at, path: [] }));
}

/** A larger exploration of the same contract, and what may be reached in it alone. */
export interface Beyond {
  /** Asked where something is dead. */
  readonly explore: () => Exploration;
  /** What is said of the parts that it reaches: `are`, and how to explore them. */
  readonly words: string;
}

/**
 * States and reactions that a larger exploration reaches are not mistakes. One report lists them, instead of
 * one warning each.
 */
export function reportBeyond(
  findings: readonly Finding[],
  exploration: Exploration,
  { explore, words }: Beyond,
): readonly Finding[] {
  const places = new Set(findings.flatMap(({ code, at }) => (code === "P7" ? [at] : [])));
  const dead = places.size === 0 ? [] : deadParts(exploration).filter(({ at }) => places.has(at));
  if (dead.length === 0) return findings;
  const stillDead = new Set(deadParts(explore()).map(({ at }) => at));
  const reached = dead.filter(({ at }) => !stillDead.has(at));
  const [first] = reached;
  if (first === undefined) return findings;
  const are =
    reached.length === 1 ? "1 part of the contract is" : `${reached.length} parts of the contract are`;
  const message = `${are} ${words}: ${listedBriefly(reached.map(({ name }) => name))}`;
  const named = new Set(reached.map(({ message: of }) => of));
  return [
    ...findings.filter(({ code, message: of }) => code !== "P7" || !named.has(of)),
    { ...finding("P7", { message, at: first.at, path: [] }), severity: "report" },
  ];
}

/** A state or a reaction that is never seen. */
interface DeadPart {
  readonly name: string;
  readonly message: string;
  readonly at: string;
}

/** Those of an exploration: its findings name them, and what lies beyond is compared with them. */
const knownDead = new WeakMap<Exploration, readonly DeadPart[]>();

function deadParts(exploration: Exploration): readonly DeadPart[] {
  const known = knownDead.get(exploration) ?? findDeadParts(exploration);
  knownDead.set(exploration, known);
  return known;
}

function findDeadParts(exploration: Exploration): readonly DeadPart[] {
  const { program, space } = exploration;
  const { world } = program;
  const place = placesIn(exploration);
  const live = new Set<string>();
  const happened = new Set<string>();
  const reached = world.instances.map(({ initial }) => new Set([initial]));
  for (const [index, step] of program.steps.entries()) {
    if ((space.firstUse[index] ?? -1) < 0) continue;
    happened.add(place(placeOf(step)));
    reached[step.instance.index]?.add(step.to);
  }
  for (const { index, participant, states } of world.instances) {
    for (const local of reached[index] ?? []) {
      const name = states[local];
      if (name !== undefined) live.add(place(pointer("/participants", participant, "states", name)));
    }
  }
  const seen: SeenParts = {
    isLive: (at) => live.has(place(at)),
    hasHappened: (at) => happened.has(place(at)),
  };
  return [...deadStates(world, seen), ...deadReactions(world, seen)];
}

/**
 * The place that stands for a place. Most contracts have no participants that can be exchanged and no states
 * written as parts of others: there each place stands for itself, and to take pointers apart for that would
 * be a tenth of a small check.
 */
function placesIn(exploration: Exploration): (at: string) => string {
  const { world } = exploration.program;
  const standing = standsFor(exploration);
  const hasParts = world.instances.some(({ states }) => states.some((state) => state.includes("+")));
  if (!hasParts && exploration.exchanges.length === 0) return (at) => at;
  return (at) => ofWholeState(standing(at).at, world);
}

/**
 * The place in the state of which a partial one is a part: its author has written one state, and cannot say
 * anything about some of its parts alone, or take one away.
 */
function ofWholeState(at: string, { choreography }: World): string {
  const [root, participant = "", , state = "", ...rest] = pointerKeys(at);
  const base = state.split("+")[0] ?? state;
  const { states = {} } = choreography.participants[participant] ?? {};
  if (root !== "participants" || base === state || !Object.hasOwn(states, base)) return at;
  return pointer("/participants", participant, "states", base, ...rest);
}

/** Which states were reached, and which reactions took place, by their places in the contract. */
interface SeenParts {
  readonly isLive: (at: string) => boolean;
  readonly hasHappened: (at: string) => boolean;
}

function deadStates({ choreography }: World, { isLive }: SeenParts): DeadPart[] {
  return Object.entries(choreography.participants).flatMap(([participant, { states }]) =>
    Object.keys(states).flatMap((state) => {
      const at = pointer("/participants", participant, "states", state);
      const name = `${participant} in ${state}`;
      return isLive(at) ? [] : [{ name, at, message: `${participant} is never in ${state}` }];
    }),
  );
}

function deadReactions(world: World, { isLive, hasHappened }: SeenParts): DeadPart[] {
  const published = new Set(
    world.sentences.flatMap((one) => outcomesOf(one).flatMap((outcome) => outcome.emit ?? [])),
  );
  const dead = world.sentences.filter((one) => {
    if (one.disposition === "never" || hasHappened(one.at)) return false;
    if (!isLive(pointer("/participants", one.participant, "states", one.state))) return false;
    // Already reported for the event or command.
    if (one.kind === "event") return published.has(one.trigger);
    if (one.kind === "command")
      return (world.choreography.commands[one.trigger] ?? 0) !== 0 && typeof one.disposition !== "string";
    return (
      typeof one.disposition !== "string" &&
      (one.kind !== "deadline" || (world.bound.timers && world.bound.timeouts))
    );
  });
  return dead.map(({ participant, state, trigger, disposition, at }) => {
    const what =
      typeof disposition === "string" ? `"${disposition}" of ${trigger}` : `the reaction to ${trigger}`;
    const message = `${what} is dead: ${trigger} never reaches ${participant} in ${state}`;
    return { name: `${trigger} at ${participant} in ${state}`, message, at };
  });
}
