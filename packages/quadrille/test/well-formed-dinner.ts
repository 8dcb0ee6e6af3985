// A small dinner in a clean form, and the parts from which contracts are made that break a rule of
// well-formedness.
import type { Choreography } from "../src/contract/choreography.ts";
import { to } from "../src/contract/outcome.ts";
import type { Participant, States } from "../src/contract/participant.ts";
import { defer, ignore, lock, never, on, type Sentence } from "../src/contract/reaction.ts";
import {
  activity,
  type ActivityType,
  all,
  command,
  type CommandType,
  event,
  type EventType,
  type JoinType,
} from "../src/contract/trigger.ts";

/** A key that every payload brings. */
export const byTable = (): string => "a";
/** Two of these have one text and are two functions. */
export const byNumber =
  (table: number): (() => string) =>
  (): string =>
    `table ${table}`;

/** The events of the dinner. */
export const Ordered: EventType<"Ordered", undefined> = event("Ordered");
export const Cooked: EventType<"Cooked", undefined> = event("Cooked");
/** What no participant emits. */
export const Paid: EventType<"Paid", undefined> = event("Paid");
/** Begins the dinner. */
export const place: CommandType<"place", undefined> = command("place");
/** A call to the outside. */
export const bake: ActivityType<"bake", undefined> = activity("bake");

/**
 * Malformed contracts do not compile, so they are built past the compiler, as the JSON form of others could
 * be.
 */
export function party(name: string, states: States, more: Partial<Participant> = {}): Participant {
  const initial = Object.keys(states)[0] ?? "";
  return {
    kind: "participant",
    name,
    entity: name,
    data: undefined,
    initial,
    states,
    otherwise: "never",
    ...more,
  };
}

/** A choreography, built past the compiler. */
export function dance(participants: readonly Participant[], more: Partial<Choreography> = {}): Choreography {
  return {
    kind: "choreography",
    name: "Dinner",
    description: undefined,
    participants,
    ends: {},
    forbidden: {},
    publicEvents: [],
    takes: [],
    commands: {},
    tallies: {},
    ...more,
  };
}

/** A guest who orders and takes what is cooked. */
export const guest: Participant = party("Guest", {
  HUNGRY: [on(place, to("WAITING").emits(Ordered)), never(Cooked)],
  WAITING: lock([on(Cooked, to("FED"))]),
  FED: [ignore(Cooked)],
});
/** Cooks what is ordered, once. */
export const cookStates: States = { IDLE: [on(Ordered, to("DONE").emits(Cooked))], DONE: [never(Ordered)] };
/** The cook of the dinner. */
export const cook: Participant = party("Cook", cookStates);
/** A clean choreography; most examples change one thing about it. */
export const dinner: Choreography = dance([guest, cook], {
  ends: { fed: { states: { Guest: "FED", Cook: ["DONE"] }, tally: {} } },
  forbidden: { "no hunger": { Guest: "HUNGRY", Cook: ["DONE", "A_LATER_STATE"] } },
  commands: { place: 1 },
});

/** The dinner with another cook. */
export const withCook = (states: States, more: Partial<Participant> = {}): Choreography =>
  dance([guest, party("Cook", states, more)]);
/** The dinner with one more participant. */
export const withWaiter = (states: States, more: Partial<Choreography> = {}): Choreography =>
  dance([guest, cook, party("Waiter", states)], more);
/** One cook for all dinners. */
export const sharedCook: Participant = party("Cook", {
  IDLE: [on(Ordered, to("DONE").emits(Cooked), { by: byTable })],
  DONE: [on(Ordered, to("DONE").emits(Cooked), { by: byTable })],
});
/** Both events of the dinner. */
export const join: JoinType = all(Ordered, Cooked);
/** A join of so many events that no participant emits. */
export const joinOf = (count: number): JoinType => {
  const [first, second, ...others] = Array.from({ length: count }, (_, index) => event(`Served${index + 1}`));
  if (first === undefined || second === undefined) throw new RangeError("a join has two events or more");
  return all(first, second, ...others);
};
/** A waiter who joins both events, then ignores everything, and says `more` while joining. */
export const joining = (...more: readonly Sentence[]): Choreography =>
  withWaiter({
    IDLE: [on(join, to("DONE").emits(Paid)), ...more],
    DONE: [ignore(Ordered), ignore(Cooked), ignore(Paid)],
  });

/** The same, where what a state does not say was forgotten. */
export const forgetful = ({ participants, ...rest }: Choreography): Choreography => ({
  ...rest,
  participants: participants.map((one) => ({ ...one, otherwise: "omission" })),
});

/** A waiter who bakes what is ordered, as far as `more` says so. */
export const baking = (...more: readonly Sentence[]): Choreography =>
  withWaiter({ IDLE: [on(Ordered, to("BUSY"))], BUSY: [...more, defer(Ordered)] });
