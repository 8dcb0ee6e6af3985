// The variables of a Promela model: states, channels, budgets and tallies of one saga, named by number and
// commented by name.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { own } from "../../contract/own.ts";
import { sentencesIn } from "../../contract/trigger-kind.ts";
import type { Bound } from "../model/bound.ts";

/** A way in which a message arrives: the test that one is there, and the statement that takes it. */
export interface PromelaArrival {
  readonly test: string;
  readonly take: string;
  /** The queue from which it is taken; undefined for counters. */
  readonly queue: string | undefined;
  /** The counter from which it is taken; undefined for queues. */
  readonly counter: string | undefined;
}

/** What an outcome's emissions need and do. */
export interface PromelaSending {
  readonly guards: readonly string[];
  readonly sends: readonly string[];
}

/** The names of a model's variables. */
export interface Names {
  readonly bound: Bound;
  readonly declarations: readonly string[];
  readonly subscriptions: (participant: string) => readonly string[];
  readonly arrivals: (participant: string, event: string) => readonly PromelaArrival[];
  readonly stash: (participant: string, event: string) => string | undefined;
  readonly emission: (
    participant: string,
    events: readonly string[],
    arrival: PromelaArrival | undefined,
  ) => PromelaSending;
  readonly participantNumber: (participant: string) => number;
  readonly state: (participant: string) => string;
  readonly stateNumber: (participant: string, state: string) => number;
  readonly stopped: (participant: string) => number;
  readonly budget: (command: string) => string;
  readonly tally: (tally: string) => string;
  readonly tallyMax: (tally: string) => number;
}

interface Contract {
  readonly choreography: ChoreographyJson;
  readonly bound: Bound;
  readonly participants: readonly string[];
  readonly subscriptions: ReadonlyMap<string, readonly string[]>;
  /** Producer to the events it emits. */
  readonly emitted: ReadonlyMap<string, ReadonlySet<string>>;
  readonly tallies: readonly string[];
  /** The most that each tally may reach. */
  readonly tallyMax: ReadonlyMap<string, number>;
  /** (participant, event) pairs with a deferral somewhere. */
  readonly deferred: ReadonlySet<string>;
}

/** Names everything of one saga. */
export function promelaNames(choreography: ChoreographyJson, bound: Bound): Names {
  const contract = readContract(choreography, bound);
  const { participants, subscriptions } = contract;
  const queues = bound.channel === "bag" ? new Map<string, QueueVariable>() : listQueues(contract);
  const number = (participant: string): number => participants.indexOf(participant);
  const states = (participant: string): string[] =>
    Object.keys(own(choreography.participants, participant)?.states ?? {});
  const budgets = Object.keys(choreography.commands);
  const counter = (prefix: string, participant: string, event: string): string =>
    `${prefix}${number(participant)}_${(subscriptions.get(participant) ?? []).indexOf(event)}`;
  const stash = (participant: string, event: string): string | undefined =>
    bound.channel !== "bag" &&
    bound.defer === "stash" &&
    contract.deferred.has(JSON.stringify([participant, event]))
      ? counter("d", participant, event)
      : undefined;
  const names: Omit<Names, "declarations"> = {
    bound,
    subscriptions: (participant) => subscriptions.get(participant) ?? [],
    stash,
    participantNumber: number,
    state: (participant) => `s${number(participant)}`,
    stateNumber: (participant, state) => states(participant).indexOf(state),
    stopped: (participant) => states(participant).length,
    tally: (tally) => `t${contract.tallies.indexOf(tally)}`,
    tallyMax: (tally) => contract.tallyMax.get(tally) ?? bound.cap,
    budget: (command) => {
      const budget = own(choreography.commands, command) ?? 0;
      if (budget === 0) return "none";
      return budget === "unbounded" ? budget : `b${budgets.indexOf(command)}`;
    },
    arrivals: (participant, event) => {
      const counters = [
        bound.channel === "bag" ? counter("m", participant, event) : undefined,
        stash(participant, event),
      ];
      return [
        ...[...queues.values()]
          .filter((queue) => queue.to === participant)
          .flatMap((queue) => queueArrival(queue, event)),
        ...counters.flatMap((name) =>
          name === undefined
            ? []
            : [{ test: `${name} > 0`, take: `${name}--`, queue: undefined, counter: name }],
        ),
      ];
    },
    emission: (participant, events, arrival) =>
      bound.channel === "bag"
        ? countSends(
            events.flatMap((event) => subscribersOf(contract, event).map((to) => counter("m", to, event))),
            bound.cap,
            arrival,
          )
        : queueSends(
            events.flatMap((event) =>
              subscribersOf(contract, event).flatMap((to) =>
                putOf(queues, { contract, participant, event, to }),
              ),
            ),
            arrival,
          ),
  };
  return { ...names, declarations: declare(contract, names, queues) };
}

function readContract(choreography: ChoreographyJson, bound: Bound): Contract {
  const subscriptions = new Map<string, string[]>();
  const emitted = new Map<string, Set<string>>();
  const tallies = new Map<string, number>();
  const deferred = new Set<string>();
  for (const [participant, { states }] of Object.entries(choreography.participants)) {
    const taken = Object.values(states).flatMap(({ on }) => Object.keys(on ?? {}));
    subscriptions.set(participant, [...new Set(taken)]);
    const sentences = Object.values(states).flatMap(sentencesIn);
    for (const { trigger, disposition } of sentences) {
      if (disposition === "defer") deferred.add(JSON.stringify([participant, trigger]));
    }
    const outcomes = sentences.flatMap(({ disposition }) =>
      typeof disposition === "string" ? [] : disposition,
    );
    emitted.set(participant, new Set(outcomes.flatMap(({ emit }) => emit ?? [])));
    for (const [tally, change] of outcomes.flatMap((outcome) => Object.entries(outcome.tally ?? {})))
      tallies.set(tally, Math.max(tallies.get(tally) ?? 1, Math.abs(change)));
  }
  return {
    choreography,
    bound,
    participants: Object.keys(choreography.participants),
    subscriptions,
    emitted,
    tallies: [...tallies.keys()],
    // As the explorer has it: room for so many of the largest changes.
    tallyMax: new Map(Array.from(tallies, ([tally, largest]) => [tally, bound.cap * largest])),
    deferred,
  };
}

function subscribersOf({ participants, subscriptions }: Contract, event: string): string[] {
  return participants.filter((one) => (subscriptions.get(one) ?? []).includes(event));
}

/** What a variable of the type `byte` holds. */
const byteMax = 255;

interface QueueVariable {
  readonly name: string;
  readonly to: string;
  readonly slots: number;
  /** Position plus one is the code of a message. */
  readonly events: readonly string[];
}

function queueKey({ bound }: Contract, from: string, to: string): string {
  return bound.channel === "fifo" ? JSON.stringify([from, to]) : to;
}

function listQueues(contract: Contract): Map<string, QueueVariable> {
  const events = new Map<string, { readonly to: string; readonly events: Set<string> }>();
  for (const [from, emitted] of contract.emitted) {
    for (const event of emitted) {
      for (const to of subscribersOf(contract, event)) {
        const key = queueKey(contract, from, to);
        const queue = events.get(key) ?? { to, events: new Set() };
        events.set(key, queue);
        queue.events.add(event);
      }
    }
  }
  const queues = [...events].map(([key, queue], index) => {
    const { cap } = contract.bound;
    return [key, { name: `q${index}`, to: queue.to, slots: cap, events: [...queue.events] }] as const;
  });
  return new Map(queues);
}

function queueArrival({ name, events }: QueueVariable, event: string): PromelaArrival[] {
  const code = events.indexOf(event) + 1;
  return code === 0
    ? []
    : [{ test: `${name}?[${code}]`, take: `${name}?${code}`, queue: name, counter: undefined }];
}

interface Put {
  readonly contract: Contract;
  readonly participant: string;
  readonly event: string;
  readonly to: string;
}

function putOf(
  queues: ReadonlyMap<string, QueueVariable>,
  { contract, participant, event, to }: Put,
): { queue: QueueVariable; code: number }[] {
  const queue = queues.get(queueKey(contract, participant, to));
  return queue === undefined ? [] : [{ queue, code: queue.events.indexOf(event) + 1 }];
}

function countSends(
  counters: readonly string[],
  cap: number,
  arrival: PromelaArrival | undefined,
): PromelaSending {
  const guards = [...new Set(counters)].map((name) => {
    const more = counters.filter((one) => one === name).length - (arrival?.counter === name ? 1 : 0);
    return more > 0 ? `${name} + ${more} <= ${cap}` : "true";
  });
  return { guards: guards.filter((guard) => guard !== "true"), sends: counters.map((name) => `${name}++`) };
}

function queueSends(
  puts: readonly { readonly queue: QueueVariable; readonly code: number }[],
  arrival: PromelaArrival | undefined,
): PromelaSending {
  const guards = [...new Set(puts.map(({ queue }) => queue))].map(({ name, slots }) => {
    const more = puts.filter(({ queue }) => queue.name === name).length - (arrival?.queue === name ? 1 : 0);
    return `len(${name}) + ${more} <= ${slots}`;
  });
  return { guards, sends: puts.map(({ queue, code }) => `${queue.name}!${code}`) };
}

function declare(
  { choreography, participants, subscriptions, tallies }: Contract,
  names: Omit<Names, "declarations">,
  queues: ReadonlyMap<string, QueueVariable>,
): string[] {
  const comment = (text: string): string => ` /* ${text.replaceAll(/[\n\r]|\*\//g, " ")} */`;
  const states = participants.map((participant) => {
    const { initial = "", states: all = {} } = own(choreography.participants, participant) ?? {};
    const legend = Object.keys(all).map((state, index) => `${index} ${state}`);
    return `byte ${names.state(participant)} = ${names.stateNumber(participant, initial)};${comment(`${participant}: ${legend.join(", ")}, ${legend.length} stopped`)}`;
  });
  const counters = participants.flatMap((participant) =>
    (subscriptions.get(participant) ?? []).flatMap((event) => {
      const found = names.arrivals(participant, event).flatMap(({ counter }) => counter ?? []);
      return found.map((counter) => `byte ${counter} = 0;${comment(`${event} to ${participant}`)}`);
    }),
  );
  const channels = [...queues.values()].map(
    ({ name, to, slots, events }) =>
      `chan ${name} = [${slots}] of { byte };${comment(`to ${to}: ${events.map((event, index) => `${index + 1} ${event}`).join(", ")}`)}`,
  );
  const budgets = Object.entries(choreography.commands).flatMap(([command, budget]) =>
    typeof budget === "number" && budget > 0
      ? [`byte ${names.budget(command)} = ${budget};${comment(command)}`]
      : [],
  );
  const counts = tallies.map((tally) => {
    const max = names.tallyMax(tally);
    return `${max > byteMax ? "int" : "byte"} ${names.tally(tally)} = 0;${comment(`${tally}, at most ${max}`)}`;
  });
  return [...states, ...counters, ...channels, ...budgets, ...counts];
}
