// Which changes of a contract affect work under way: each as a sentence, with the number of cases.
import type { ContractShape } from "../../contract/contract-shape.ts";
import type { ParkedRecord } from "../../store/records.ts";
import type { JournalReader, LaneReading, Inspection } from "../../store/store.ts";

/** A contract and the one before it, with where to look for what is under way. */
export interface Change {
  readonly before: ContractShape;
  readonly after: ContractShape;
  readonly store: Pick<Inspection, "census" | "parked">;
  /** How far the participant has read. */
  readonly own: readonly LaneReading[];
  /** The journals that it reads. */
  readonly sources: ReadonlyMap<string, JournalReader>;
}

/** At most this many parked messages are looked through. */
const parkedMax = 10_000;
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
async function entitiesLost({ before, after, store }: Change): Promise<readonly string[]> {
  const reasons = Object.entries(before.states).flatMap(([state, was]) => {
    const is = Object.hasOwn(after.states, state) ? after.states[state] : undefined;
    if (is === undefined) return [{ state, reason: "which the contract does not have any more" }];
    if (was.activity !== undefined && was.activity !== is.activity)
      return [{ state, reason: `where the activity ${was.activity} is not taken any more` }];
    const gone = was.deadlines.find((deadline) => !is.deadlines.includes(deadline));
    return gone === undefined
      ? []
      : [{ state, reason: `where the deadline "${gone}" is not taken any more` }];
  });
  if (reasons.length === 0) return [];
  const census = await store.census();
  return reasons.flatMap(({ state, reason }) => {
    const count = census.get(state) ?? 0;
    return count === 0
      ? []
      : [`${count} ${count === 1 ? "entity is" : "entities are"} in ${state}, ${reason}`];
  });
}

/** Parked messages of events that are not taken any more. */
async function parkedLost({ after, store }: Change): Promise<readonly string[]> {
  const lost = (await store.parked({ limit: parkedMax })).filter((one) => isLost(one, after));
  return [...Map.groupBy(lost, ({ trigger }) => trigger)].map(
    ([trigger, rows]) => `${counted(rows.length, trigger)} parked, which the contract does not take any more`,
  );
}

function isLost({ kind, trigger, reason }: ParkedRecord, { subscriptions }: ContractShape): boolean {
  return reason !== "discarded" && kind === "event" && !Object.hasOwn(subscriptions, trigger);
}

/** Events on their way that are not taken any more. */
async function eventsLost({ before, after, own, sources }: Change): Promise<readonly string[]> {
  const dropped = Object.keys(before.subscriptions).filter(
    (event) => !Object.hasOwn(after.subscriptions, event),
  );
  if (dropped.length === 0) return [];
  const told: string[] = [];
  for (const [name, source] of sources) {
    const counts = new Map<string, number>();
    for (const { lane, inbox } of own) {
      await countEvents({ source, lane, after: inbox.get(name) ?? 0, events: dropped }, counts);
    }
    for (const [event, count] of counts) {
      told.push(
        `${counted(count, event)} on the way from ${name}, which the contract does not take any more`,
      );
    }
  }
  return told;
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
