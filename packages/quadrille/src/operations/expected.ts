// Expected-next and blame: for a saga as it stands, what may come next, who owes it, since when, where it is
// now.
import type { Table } from "../contract/table.ts";
import type { EntityRecord, ParkedRecord } from "../store/records.ts";
import type { LaneReading } from "../store/store.ts";
import { isBeforeBeginning } from "../store/subscriptions.ts";
import type { Expected, TimelineEntry } from "./api.ts";
import { canStillEmit, movingEvents } from "./producers.ts";

/** A participant with what it keeps of one saga. */
export interface SagaPart {
  readonly table: Table;
  /** How far it had read, before its parked messages, its entities and the timeline were looked at. */
  readonly readings: readonly LaneReading[];
  /** The saga's parked messages, without the discarded ones. */
  readonly parked: readonly ParkedRecord[];
  /** The saga's entities; none where nothing happened yet. */
  readonly entities: readonly EntityRecord[];
}

/** What is expected, in the order: messages, calls, deadlines, answers. */
export function expectedNext(
  parts: readonly SagaPart[],
  timeline: readonly TimelineEntry[],
): readonly Expected[] {
  const events = parts.flatMap((part) => eventsUnderWay(part, timeline));
  const parked = parts.flatMap(parkedOf);
  const calls = parts.flatMap((part) => callsUnderWay(part, timeline));
  const deadlines = parts.flatMap((part) => armedDeadlines(part, timeline));
  const owed = new Set([...events, ...parked, ...calls].map(({ to }) => to));
  const answers = parts
    .filter(({ table }) => !owed.has(table.name))
    .flatMap((part) => answersOwed(part, { parts, timeline }));
  return [...events, ...parked, ...calls, ...deadlines, ...answers];
}

interface UntakenEvent {
  readonly entry: TimelineEntry;
  readonly event: string;
  readonly id: string;
}

/** Events that were published for the participant and are beyond its inbox position. */
function eventsUnderWay(
  { table, readings, parked }: SagaPart,
  timeline: readonly TimelineEntry[],
): readonly Expected[] {
  const known = new Set([
    ...timeline.filter(({ participant }) => participant === table.name).map(takenId),
    ...parked.map(({ id }) => id),
  ]);
  const open = publishedFor(table, timeline).filter(
    ({ entry, event, id }) => !known.has(id) && !known.has(reactionId(entry, event)),
  );
  const beyond = open.filter(({ entry, event }) => {
    const { inbox, subscriptions = [] } = readings.find(({ lane }) => lane === entry.lane) ?? {};
    const { participant: source, position } = entry;
    return (
      position > (inbox?.get(source) ?? 0) && !isBeforeBeginning(subscriptions, { source, event, position })
    );
  });
  return beyond.map(({ entry, event, id }) => ({
    kind: "event",
    what: [event],
    from: [entry.participant],
    to: table.name,
    since: entry.time,
    dueAt: undefined,
    where: id,
  }));
}

function publishedFor(table: Table, timeline: readonly TimelineEntry[]): readonly UntakenEvent[] {
  return timeline.flatMap((entry) =>
    entry.emitted.flatMap(({ event }, index) =>
      table.subscriptions.has(event)
        ? [{ entry, event, id: `${entry.participant}/${entry.lane}/${entry.position}/${index}` }]
        : [],
    ),
  );
}

/**
 * The key that a reaction's row shares with the published event. An ignored event has no row, only an inbox
 * position.
 */
function reactionId({ participant, lane, position }: TimelineEntry, event: string): string {
  return `${participant}/${lane}/${position} ${event}`;
}

function takenId({ cause, trigger }: TimelineEntry): string {
  return `${cause.source}/${cause.lane}/${cause.position} ${trigger}`;
}

function parkedOf({ table, parked }: SagaPart): readonly Expected[] {
  return parked.map((record) => ({
    kind: "parked",
    what: [record.trigger],
    from: [table.name],
    to: table.name,
    since: record.parkedAt,
    dueAt: record.nextAt,
    where: `${record.reason}: ${record.id}${record.error === undefined ? "" : ` (${record.error.message})`}`,
  }));
}

function callsUnderWay(part: SagaPart, timeline: readonly TimelineEntry[]): readonly Expected[] {
  const { table, entities, parked } = part;
  return entities.flatMap((entity): readonly Expected[] => {
    const { activity, key } = entity;
    if (activity === undefined || parked.some((one) => one.kind === "activity" && one.key === key)) return [];
    const since = enteredAt(part, entity, timeline);
    return [
      {
        kind: "activity",
        what: [activity],
        from: [table.name],
        to: table.name,
        since,
        dueAt: undefined,
        where: undefined,
      },
    ];
  });
}

function armedDeadlines(part: SagaPart, timeline: readonly TimelineEntry[]): readonly Expected[] {
  const { table, entities } = part;
  return entities.flatMap((entity): readonly Expected[] => {
    const { deadline } = entity;
    if (deadline === undefined) return [];
    const since = enteredAt(part, entity, timeline);
    return [
      {
        kind: "deadline",
        what: [deadline.name],
        from: [table.name],
        to: table.name,
        since,
        dueAt: deadline.at,
        where: undefined,
      },
    ];
  });
}

interface Whole {
  readonly parts: readonly SagaPart[];
  readonly timeline: readonly TimelineEntry[];
}

/**
 * For locked entities: the events that would move them, and the participants that can still produce these.
 */
function answersOwed(part: SagaPart, { parts, timeline }: Whole): readonly Expected[] {
  const { table, entities } = part;
  return entities.flatMap((entity): readonly Expected[] => {
    const row = table.states.get(entity.state);
    if (row?.lock !== true) return [];
    const owing = parts.filter((other) => other !== part);
    const moving = movingEvents(row).filter((event) => owing.some((other) => owes(other, event)));
    const from = owing
      .filter((other) => moving.some((event) => owes(other, event)))
      .map((other) => other.table.name);
    const since = enteredAt(part, entity, timeline);
    return [
      {
        kind: "answer",
        what: moving,
        from,
        to: table.name,
        since,
        dueAt: undefined,
        where: `${entity.state} is a lock`,
      },
    ];
  });
}

function owes({ table, entities }: SagaPart, event: string): boolean {
  const states = entities.length === 0 ? [table.initial] : entities.map(({ state }) => state);
  return states.some((state) => canStillEmit(table, state, event));
}

/** When the entity came into its present state, by its journal rows. */
function enteredAt(
  { table }: SagaPart,
  { key, state }: EntityRecord,
  timeline: readonly TimelineEntry[],
): number {
  const own = timeline.filter((entry) => entry.participant === table.name && entry.key === key);
  const entering = own.findLast(
    ({ from, to, kind }) => to === state && (from !== to || kind === "activity" || kind === "deadline"),
  );
  return (entering ?? own.at(-1))?.time ?? 0;
}
