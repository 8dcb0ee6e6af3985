// What an entity's state has set going: its deadline, and the call of its activity. Both are named by the
// entity and the version at which the state was entered, act for the saga that entered it, and count for
// nothing once the state was left.
import type { StateRow } from "../../contract/table.ts";
import type { TriggerKind } from "../../contract/trigger-kind.ts";
import type { When } from "../../contract/trigger.ts";
import { isPromised } from "../../contract/promised.ts";
import { QuadrilleError } from "../../errors.ts";
import type { EntityRecord } from "../../store/records.ts";
import type { Agenda } from "../../store/store.ts";
import type { Incoming } from "../message/incoming.ts";

/** An entity's call or deadline, of the state that was entered at the version `since`. */
type StateEntry = Pick<EntityRecord, "key" | "since">;

/** How a reaction has come to its state. */
export interface ReachedState {
  /** The contract's row of the state. */
  readonly row: StateRow | undefined;
  readonly version: number;
  readonly data: unknown;
  /**
   * Whether another state was left for it: a fact of a join, for one, does not leave the state that waits for
   * all of them.
   */
  readonly isEntered: boolean;
  /** Whether the outcome sets the deadline again. */
  readonly rearms: boolean;
  /** Business time, in milliseconds since 1970. */
  readonly now: number;
}

/**
 * Which call and which deadline the entity has after a reaction. A deadline from data is computed first,
 * before anything is staged: it throws `Q_DEADLINE_INVALID` where it is no time.
 */
export function arm(
  before: EntityRecord,
  arrival: ReachedState,
): Pick<EntityRecord, "since" | "activity" | "deadline"> {
  const { row, isEntered } = arrival;
  const isSetAgain = isEntered || arrival.rearms;
  // A call goes on under its name, whatever becomes of the deadline beside it.
  const isRenamed = isEntered || (isSetAgain && row?.activity === undefined);
  return {
    since: isRenamed ? arrival.version : before.since,
    activity: row?.activity,
    deadline: isSetAgain ? deadlineOf(arrival) : before.deadline,
  };
}

function deadlineOf(reached: ReachedState): EntityRecord["deadline"] {
  const [armed] = reached.row?.deadlines.values() ?? [];
  if (armed === undefined) return undefined;
  const { name, time } = armed;
  switch (time.kind) {
    case "delay":
      return { name, at: reached.now + time.ms };
    case "from data":
      return fromData(name, time.when, reached);
  }
}

function fromData(name: string, when: When, { row, data, now }: ReachedState): EntityRecord["deadline"] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract's author typed it by the entity's data
  const at: unknown = when(data as never, now);
  if (at === undefined) return undefined;
  if (typeof at === "number" && Math.abs(at) <= timesMax) return { name, at: Math.ceil(at) };
  const given = isPromised(at) ? "promise" : typeof at;
  const message = `The deadline ${name} of ${row?.base ?? ""} gave ${typeof at === "number" ? at : `a ${given}`}; a time in milliseconds since 1970, or undefined, is expected.`;
  throw new QuadrilleError("Q_DEADLINE_INVALID", message);
}

/** The last moment of a `Date`. */
const timesMax = 8.64e15;

/** What is known of a lane's deadlines. */
interface DeadlineLane {
  readonly number: number;
  /** The earliest one, in milliseconds since 1970; infinite when there is none. */
  deadlineAt: number;
  takenUntil(now: number): number;
}

/**
 * At most `most` entities whose deadline has come, and is earlier than every event that is still to be taken.
 * When none is due, notes the lane's earliest deadline.
 */
export async function due(
  store: Agenda,
  lane: DeadlineLane,
  { now, most }: { readonly now: number; readonly most: number },
): Promise<readonly EntityRecord[]> {
  const fair = lane.takenUntil(now);
  if (fair < lane.deadlineAt) return [];
  const entities = await store.due(lane.number, fair, most);
  if (entities.length === 0) lane.deadlineAt = await earliestDeadline(store, lane.number);
  return entities;
}

/** The lane's earliest deadline in the table, in milliseconds since 1970; infinite when there is none. */
export async function earliestDeadline(store: Pick<Agenda, "nextDue">, lane: number): Promise<number> {
  return (await store.nextDue(lane)) ?? Number.POSITIVE_INFINITY;
}

/** A deadline, or what its call came back with, as a message to the entity. */
export function messageOf(
  participant: string,
  entity: EntityRecord,
  of: { readonly kind: "activity" | "deadline"; readonly trigger: string; readonly data: unknown },
): Incoming {
  return {
    ...of,
    id: callId(of.kind, participant, entity),
    sagaId: entity.sagaId,
    key: entity.key,
    cause: { source: of.kind, lane: entity.lane, position: entity.since },
    trace: undefined,
    isChecked: false,
  };
}

/** Whether the entity still waits for the message: the state that has set it going has not been left. */
export function awaits(
  entity: EntityRecord,
  { kind, trigger, cause }: Pick<Incoming, "kind" | "trigger" | "cause">,
  now: number,
): boolean {
  if (entity.since !== cause.position) return false;
  if (kind === "activity") return entity.activity === trigger;
  // A deadline that was set again beside a call keeps the state's version, and has another time.
  return entity.deadline?.name === trigger && entity.deadline.at <= now;
}

/** Drops what was parked of a state that is left: it can no longer have an effect. */
export function dropLeft(
  parking: { readonly unpark: (message: Pick<Incoming, "id" | "key" | "kind">) => void },
  participant: string,
  left: StateEntry,
): void {
  for (const kind of ["activity", "deadline"] as const)
    parking.unpark({ id: callId(kind, participant, left), key: left.key, kind });
}

/** The id of an activity's call or of a deadline; all attempts have it, also after a crash. */
export function callId(
  kind: "activity" | "deadline",
  participant: string,
  { key, since }: StateEntry,
): string {
  return `${kind}/${participant}/${key}/${since}`;
}

/** Whether a message is one that its entity has set going, and not one that was sent to it. */
export function isOwn({ kind }: { readonly kind: TriggerKind }): boolean {
  return kind === "activity" || kind === "deadline";
}
