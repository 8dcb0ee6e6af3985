// States in flight, read from the journals: the state of each entity and the messages on their way. The check
// explores from each of them.
import type { JoinJson } from "../../contract/json-form.ts";
import { bitsOf, type Field, messagesKey, sagaKey } from "./layout.ts";
import type { Exploration, Root } from "./explore.ts";
import { fullStateName, pendingIn, valueOf } from "./view.ts";
import type { World } from "../model/world.ts";

/**
 * A saga in flight. Participants that are not named are in their initial states; a budget is unused unless
 * given.
 */
export interface InFlight {
  readonly states: Readonly<Record<string, string>>;
  readonly messages?: readonly { readonly event: string; readonly to: string; readonly count?: number }[];
  readonly tally?: Readonly<Record<string, number>>;
  /** How often each command may still come. */
  readonly commands?: Readonly<Record<string, number>>;
}

/** A state in flight as a root of an exploration, for one saga with bag channels. */
export function rootOf(inFlight: InFlight): Root {
  const { messages = [] } = inFlight;
  return {
    widths: widthsOf(inFlight),
    write: (program, scratch) => {
      scratch.fill(0);
      for (const field of program.layout.fields.values())
        add(scratch, field, valueIn(program.world, field, inFlight));
      for (const { event, to, count = 1 } of messages) {
        const field = program.layout.fields.get(messagesKey(event, 1, { participant: to, saga: 1 }));
        if (field !== undefined) add(scratch, field, count);
      }
    },
  };
}

/** Counters have to be wide enough for the state from the start. */
function widthsOf({ messages = [], tally = {} }: InFlight): Map<string, number> {
  const wide = (count: number): number => 2 ** bitsOf(Math.max(1, count)) - 1;
  return new Map([
    ...messages.map(
      ({ event, to, count = 1 }) =>
        [messagesKey(event, 1, { participant: to, saga: 1 }), wide(count)] as const,
    ),
    ...Object.entries(tally).map(([name, count]) => [sagaKey("tally", name, 1), wide(count)] as const),
  ]);
}

function valueIn(
  world: World,
  { kind, name, instance, max, unit }: Field,
  { states, tally = {}, commands = {} }: InFlight,
): number {
  if (kind === "tally") return Math.round((tally[name] ?? 0) / unit);
  if (kind === "budget") return Math.min(max, commands[name] ?? max);
  if (instance === undefined) return 0;
  const state = Object.hasOwn(states, instance.participant) ? states[instance.participant] : undefined;
  const found = state === undefined ? undefined : placeIn(world, instance.participant, state);
  if (kind === "facts") return found?.state === name ? factBits(found) : 0;
  if (kind !== "state") return 0;
  return found === undefined ? instance.initial : Math.max(0, instance.states.indexOf(found.state));
}

/** A state with the facts that its join has seen. */
interface InFlightPlace {
  readonly state: string;
  readonly join: JoinJson | undefined;
  readonly seen: readonly string[];
}

/** Finds a state by its name, or the state and the facts of which it is a partial one. */
function placeIn({ choreography }: World, participant: string, name: string): InFlightPlace | undefined {
  const states = choreography.participants[participant]?.states ?? {};
  if (Object.hasOwn(states, name)) return { state: name, join: undefined, seen: [] };
  for (const [state, { join }] of Object.entries(states)) {
    if (join === undefined || !name.startsWith(`${state}+`)) continue;
    const seen = name.slice(state.length + 1).split("+");
    if (seen.every((fact) => join.facts.includes(fact))) return { state, join, seen };
  }
  return undefined;
}

function factBits({ join, seen }: InFlightPlace): number {
  if (join === undefined) return 0;
  const bits = seen.reduce((sum, fact) => sum + 2 ** join.facts.indexOf(fact), 0);
  return bits + seen.length * 2 ** join.facts.length;
}

/** A state of an exploration of one saga, as a state in flight. */
export function inFlightOf(exploration: Exploration, state: number): InFlight {
  const { instances } = exploration.program.world;
  const fields = [...exploration.program.layout.fields.values()];
  const counts = (kind: Field["kind"]): [string, number][] =>
    fields
      .filter((field) => field.kind === kind)
      .map((field) => [field.name, valueOf(exploration, state, field)]);
  return {
    states: Object.fromEntries(
      instances.map((one) => [one.participant, fullStateName(exploration, state, one)]),
    ),
    messages: pendingIn(exploration, state).map(({ event, to, count }) => ({
      event,
      to: to.participant,
      count,
    })),
    tally: Object.fromEntries(counts("tally")),
    commands: Object.fromEntries(counts("budget")),
  };
}

function add(scratch: Int32Array, field: Field, value: number): void {
  scratch[field.word] = (scratch[field.word] ?? 0) + value * 2 ** field.shift;
}

/**
 * What a state in flight names that the world does not have: unknown participants, states and subscriptions,
 * in words.
 */
export function misfits(world: World, { states, messages = [] }: InFlight): string[] {
  const { participants } = world.choreography;
  const wrongStates = Object.entries(states).flatMap(([name, state]) => {
    if (!Object.hasOwn(participants, name)) return [`there is no participant ${name}`];
    return placeIn(world, name, state) !== undefined ? [] : [`${name} has no state ${state} any more`];
  });
  const lost = messages.filter(({ event, to }) => !(world.subscriptions.get(to) ?? []).includes(event));
  return [
    ...wrongStates,
    ...lost.map(({ event, to }) => `${to} does not take ${event} any more, and one is on its way`),
  ];
}
