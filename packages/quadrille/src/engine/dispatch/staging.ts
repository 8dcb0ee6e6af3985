// The effects that a batch has decided and not yet written: entities, journal rows, answers. They are in
// memory until a flush writes them.
import type { Ambient } from "../../ambient/ambient.ts";
import { businessOf } from "../../ambient/business-clock.ts";
import type { Table } from "../../contract/table.ts";
import { enters, type TakenTransition } from "../../transition/transition.ts";
import type { AnswerRecord, EntityRecord, JournalRecord, OriginRecord } from "../../store/records.ts";
import type { ChangedEntity } from "../../store/store.ts";
import { handedRow, journalRow } from "./journal-row.ts";
import { arm } from "../lane/deadlines-and-calls.ts";
import { writtenBy } from "../message/payload.ts";
import { type HandedRow, type Incoming, keyOfTrigger } from "../message/incoming.ts";
import { weigh } from "../message/weigh.ts";

/** A message that was taken, and its payloads have passed their schemas. */
export type Taken = TakenTransition & {
  /** Of the events' payloads. */
  readonly emittedWeight: number;
  /** Of the entity's data, where they are new. */
  readonly dataWeight: number | undefined;
};

/** An entity that a batch has changed. */
export interface Staged {
  readonly record: EntityRecord;
  /** Of its payloads: about their characters as JSON; undefined where they are as they were. */
  readonly weight: number | undefined;
  /** The version that the store has; 0 when it has no such entity. */
  readonly known: number;
  readonly dataChanged: boolean;
  readonly sagaChanged: boolean;
}

/** One moment in business time and in the machine's. */
export interface Times {
  readonly business: number;
  readonly machine: number;
}

/** The moment now. */
export function timesNow(ambient: Pick<Ambient, "business" | "clock">): Times {
  return { business: businessOf(ambient).now(), machine: ambient.clock.now() };
}

/** The staged effects of one batch of one lane. */
export class Staging {
  readonly #entities = new Map<string, Staged>();
  readonly #journal: JournalRecord[] = [];
  readonly #handed: HandedRow[] = [];
  readonly #answers: AnswerRecord[] = [];
  #origins: OriginRecord[] | undefined;
  readonly #table: Table;
  readonly #lane: number;
  #times: Times;
  /** When the message that is being decided takes place. */
  #at: number;
  #head: number;
  #weight = 0;

  constructor(table: Table, at: { readonly lane: number; readonly head: number; readonly times: Times }) {
    this.#table = table;
    this.#lane = at.lane;
    this.#head = at.head;
    this.#times = at.times;
    this.#at = at.times.business;
  }

  get head(): number {
    return this.#head;
  }

  /** The approximate bytes of the staged payloads. */
  get weight(): number {
    return this.#weight;
  }

  /** Business time as the engine has it. */
  get now(): number {
    return this.#times.business;
  }

  /** When what is staged now takes place, in business time. */
  get at(): number {
    return this.#at;
  }

  /** Says what is decided next. */
  follow(message: Pick<Incoming, "notBefore">, entity: EntityRecord): void {
    this.#at = this.momentOf(message, entity);
  }

  /** When the message takes place: after what it comes from, and after its entity has come to its state. */
  momentOf({ notBefore = 0 }: Pick<Incoming, "notBefore">, { enteredAt }: EntityRecord): number {
    return Math.max(this.#times.business, notBefore, enteredAt);
  }

  /** The same in the machine's time, by which messages are parked. */
  get machineNow(): number {
    return this.#times.machine;
  }

  /** Moves time on with each visit in a round, so that nothing takes place before its cause. */
  goOn(times: Times): void {
    this.#times = times;
  }

  /** The staged entity, if this batch has changed it. */
  entity(key: string): EntityRecord | undefined {
    return this.#entities.get(key)?.record;
  }

  /** Stages a reaction: the entity after it and its journal row. */
  take(message: Incoming, before: EntityRecord, taken: Taken): EntityRecord {
    const after = this.#after(message, before, taken);
    const staged = this.#entities.get(before.key);
    const { dataWeight, emittedWeight } = taken;
    const factsWeight = after.facts === before.facts ? undefined : weigh(after.facts);
    this.#weight += (dataWeight ?? 0) + (factsWeight ?? 0) + emittedWeight;
    const isAsHeavy = dataWeight === undefined && factsWeight === undefined;
    this.#entities.set(before.key, {
      record: after,
      weight: isAsHeavy
        ? staged?.weight
        : (dataWeight ?? weigh(after.data)) + (factsWeight ?? weigh(after.facts)),
      known: staged?.known ?? before.version,
      dataChanged: (staged?.dataChanged ?? false) || after.data !== before.data,
      sagaChanged: (staged?.sagaChanged ?? false) || after.sagaId !== before.sagaId,
    });
    this.#head += 1;
    const place = { lane: this.#lane, position: this.#head, time: this.#at };
    const row = journalRow({ message, before, after, taken }, place);
    this.#journal.push(row);
    this.#handed.push(handedRow(row, emittedWeight));
    return after;
  }

  answer(record: AnswerRecord): void {
    this.#answers.push(record);
  }

  /** Notes what an event of another choreography comes from. */
  originate({ sagaId, trigger: event, cause, causedBy }: Incoming): void {
    if (causedBy === undefined) return;
    this.#origins ??= [];
    this.#origins.push({ sagaId, event, cause, causedBy });
  }

  /** The entities that were changed, as they are now. */
  get entities(): Iterable<Staged> {
    return this.#entities.values();
  }

  /** The journal rows after the first `count`, for consumers in memory. */
  rowsAfter(count: number): readonly HandedRow[] {
    return this.#handed.slice(count);
  }

  /** Everything staged, in the form of a flush. */
  contents(): {
    readonly created: readonly EntityRecord[];
    readonly changed: readonly ChangedEntity[];
    readonly journal: readonly JournalRecord[];
    readonly answers: readonly AnswerRecord[];
    readonly origins?: readonly OriginRecord[];
  } {
    const staged = [...this.#entities.values()];
    return {
      created: staged.filter(({ known }) => known === 0).map(({ record }) => record),
      changed: staged.filter(({ known }) => known > 0),
      journal: this.#journal,
      answers: this.#answers,
      ...(this.#origins === undefined ? undefined : { origins: this.#origins }),
    };
  }

  /** The versions of the schemas that wrote the data and the facts; undefined where all are the first. */
  #versions(
    message: Incoming,
    before: EntityRecord,
    { data, facts }: Pick<EntityRecord, "data" | "facts">,
  ): Pick<EntityRecord, "dataVersion" | "factVersions"> | undefined {
    const { dataVersion } = data === before.data ? before : writtenBy(this.#table.data);
    const factVersions = facts === undefined ? undefined : this.#factVersions(message, before);
    if (dataVersion === undefined && factVersions === undefined) return undefined;
    return {
      ...(dataVersion === undefined ? undefined : { dataVersion }),
      ...(factVersions === undefined ? undefined : { factVersions }),
    };
  }

  /** Facts keep the versions in which they came. */
  #factVersions(message: Incoming, { factVersions }: EntityRecord): EntityRecord["factVersions"] {
    const { dataVersion } = writtenBy(this.#table.schemas.get(keyOfTrigger(message)));
    if (dataVersion === undefined) return factVersions;
    return { ...factVersions, [message.trigger]: dataVersion };
  }

  /**
   * A fact of a join does not leave the state that waits for all of them, so its call and its deadline
   * continue. They act for the saga whose message entered the state; with a shared entity that may be another
   * saga each time.
   */
  #after(message: Incoming, before: EntityRecord, taken: Taken): EntityRecord {
    const { state, data, facts } = taken.entity;
    const version = before.version + 1;
    const row = this.#table.states.get(state);
    const from = this.#table.states.get(before.state)?.base ?? before.state;
    const isEntered = enters(message.kind, { from, to: row?.base ?? state });
    const now = this.#at;
    const rearms = taken.outcome.rearm === true;
    const { since, activity, deadline } = arm(before, { row, version, data, isEntered, rearms, now });
    const after: EntityRecord = {
      key: before.key,
      sagaId: isEntered ? message.sagaId : before.sagaId,
      lane: before.lane,
      state,
      facts,
      data,
      version,
      since,
      beganAt: before.version === 0 ? now : before.beganAt,
      enteredAt: isEntered ? now : before.enteredAt,
      activity,
      deadline,
    };
    const versions = this.#versions(message, before, taken.entity);
    // Most have none, and are not copied: an object that is put together from spreads takes twice the room
    // in the cache that keeps it.
    return versions === undefined ? after : { ...after, ...versions };
  }
}
