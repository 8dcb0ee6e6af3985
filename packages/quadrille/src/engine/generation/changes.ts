// Which changes of a contract affect work under way: each as a sentence, with the number of cases.
import type { ContractShape, StateShape } from "../../contract/contract-shape.ts";
import { type StateRow, type Table, triggerKey } from "../../contract/table.ts";
import type { JournalReader, LaneReading, Inspection } from "../../store/store.ts";

/** A contract and the one before it, with where to look for what is under way. */
export interface Change {
  readonly before: ContractShape;
  readonly after: ContractShape;
  /** The states of the later contract. */
  readonly states: Table["states"];
  readonly store: Pick<Inspection, "census" | "parkedEvents">;
  /** How far the participant has read. */
  readonly own: readonly LaneReading[];
  /** The journals that it reads. */
  readonly sources: ReadonlyMap<string, JournalReader>;
}

/** Rows of a journal read at once. */
const pageRows = 1_000;

/** All work under way that the later contract does not understand. */
export async function misunderstood(change: Change): Promise<readonly string[]> {
  return [
    ...versionsLost(change),
    ...(await entitiesLost(change)),
    ...(await parkedLost(change)),
    ...(await eventsLost(change)),
  ];
}

/** Payloads that may be stored in a later version than the contract's. */
function versionsLost({ before, after }: Change): readonly string[] {
  return Object.entries(before.versions).flatMap(([name, version]) => {
    const known = Object.hasOwn(after.versions, name) ? (after.versions[name] ?? 1) : 1;
    if (known >= version) return [];
    const what = name === "" ? "the entity's data are" : `${name.replace(/^event:/, "")} is`;
    return [`${what} stored in version ${version}, and the contract has version ${known}`];
  });
}

/** Entities in states that are gone, or that wait for a call or a deadline that is gone. */
async function entitiesLost({ before, states, store }: Change): Promise<readonly string[]> {
  // By the states in which there are entities: a wide join has too many partial ones to go through them all.
  return [...(await store.census())].flatMap(([state, count]) => {
    const was = shapeIn(before, state);
    // One that the contract before did not have either was accepted then.
    const reason = was === undefined ? undefined : reasonOf(was, states.get(state));
    const entities = `${count} ${count === 1 ? "entity is" : "entities are"}`;
    return reason === undefined ? [] : [`${entities} in ${state}, ${reason}`];
  });
}

/**
 * What a contract said of a state, in whatever order a stored partial state names its facts. Those of a wide
 * join wait for what the declared state waits for.
 */
function shapeIn({ states, keepsJoins }: ContractShape, state: string): StateShape | undefined {
  const { base, facts } = partsOf(state);
  const wide = Object.hasOwn(states, base) ? states[base] : undefined;
  const same = Object.keys(states).find((name) => isSame(partsOf(name), { base, facts }));
  if (same !== undefined || wide === undefined) return states[same ?? ""];
  const { join } = wide;
  if (join !== undefined)
    return facts.size < join.needed && facts.isSubsetOf(new Set(join.facts)) ? wide : undefined;
  // Before joins were kept, a wide one looked like none.
  const isFromBefore =
    keepsJoins !== true &&
    Object.entries(states).every(([name, one]) => one.join === undefined && !name.includes("+"));
  return isFromBefore ? wide : undefined;
}

interface StateParts {
  readonly base: string;
  /** Those that a partial state has seen. */
  readonly facts: ReadonlySet<string>;
}

function partsOf(state: string): StateParts {
  const [base = "", ...facts] = state.split("+");
  return { base, facts: new Set(facts) };
}

function isSame(one: StateParts, other: StateParts): boolean {
  return one.base === other.base && one.facts.size === other.facts.size && one.facts.isSubsetOf(other.facts);
}

function reasonOf(was: StateShape, is: StateRow | undefined): string | undefined {
  if (is === undefined) return "which the contract does not have any more";
  if (was.activity !== undefined && was.activity !== is.activity)
    return `where the activity ${was.activity} is not taken any more`;
  const gone = was.deadlines.find((deadline) => !is.deadlines.has(deadline));
  return gone === undefined ? stuckIn(was, is) : `where the deadline "${gone}" is not taken any more`;
}

/**
 * Calls and deadlines begin when a state is entered: an entity that came there before has none of those that
 * the contract has added. The reason, where nothing else leads on.
 */
function stuckIn(was: StateShape, { activity, deadlines, sentences }: StateRow): string | undefined {
  const hasCall = activity !== undefined && was.activity === undefined;
  const added = [...deadlines.keys()].filter((name) => !was.deadlines.includes(name));
  const what = [
    ...(hasCall ? [`the call of ${activity}`] : []),
    ...added.map((name) => `the deadline "${name}"`),
  ];
  const owned = new Set([
    ...(hasCall ? [triggerKey("activity", activity)] : []),
    ...added.map((name) => triggerKey("deadline", name)),
  ]);
  const leadsOn = [...sentences].some(([key, { kind }]) => kind === "reaction" && !owned.has(key));
  if (what.length === 0 || leadsOn) return undefined;
  return `which is left by nothing but ${what.join(", ")}, and came there without that`;
}

/** Parked messages of events that are not taken any more. */
async function parkedLost({ after, store }: Change): Promise<readonly string[]> {
  return [...(await store.parkedEvents())].flatMap(([event, count]) =>
    Object.hasOwn(after.subscriptions, event)
      ? []
      : [`${counted(count, event)} parked, which the contract does not take any more`],
  );
}

/** Events on their way that are not taken any more. */
async function eventsLost({ before, after, own, sources }: Change): Promise<readonly string[]> {
  const dropped = Object.keys(before.subscriptions).filter(
    (event) => !Object.hasOwn(after.subscriptions, event),
  );
  if (dropped.length === 0) return [];
  const lost: string[] = [];
  for (const [name, source] of sources) {
    const counts = new Map<string, number>();
    for (const { lane, inbox } of own) {
      await countEvents({ source, lane, after: inbox.get(name) ?? 0, events: dropped }, counts);
    }
    for (const [event, count] of counts) {
      lost.push(
        `${counted(count, event)} on the way from ${name}, which the contract does not take any more`,
      );
    }
  }
  return lost;
}

interface Counting {
  readonly source: JournalReader;
  readonly lane: number;
  readonly after: number;
  readonly events: readonly string[];
}

async function countEvents(
  { source, lane, after, events }: Counting,
  counts: Map<string, number>,
): Promise<void> {
  const rows = await source.read(lane, after, pageRows);
  for (const { event } of rows.flatMap(({ emitted }) => emitted)) {
    if (events.includes(event)) counts.set(event, (counts.get(event) ?? 0) + 1);
  }
  const last = rows.at(-1)?.position;
  if (last !== undefined) await countEvents({ source, lane, after: last, events }, counts);
}

function counted(count: number, what: string): string {
  return `${count} ${what} ${count === 1 ? "is" : "are"}`;
}
