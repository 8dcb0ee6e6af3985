// A stream of flushes like those of a busy participant, for measuring stores without an engine.
import type { EntityRecord, JournalRecord } from "../../packages/quadrille/src/store/records.ts";
import { journalOf } from "../../packages/quadrille/src/testing/store-samples.ts";
import type { Database } from "../../packages/quadrille/src/store/database.ts";
import type { ChangedEntity, Flush } from "../../packages/quadrille/src/store/store.ts";

/** Reactions in an entity's life; each emits one event, the first change replaces its data. */
const reactionsPerEntity = 3;

/**
 * Flushes of any size, one after another: a third of the reactions creates an entity, the others change one.
 */
export class FlushLoad {
  #turn = 0;
  #head = 0;
  #entities = 0;
  /** Entities in the order of their next change. */
  readonly #open: EntityRecord[] = [];
  readonly #database: Database;
  readonly #participant: string;

  constructor(database: Database, participant: string) {
    this.#database = database;
    this.#participant = participant;
  }

  async flush(reactions: number): Promise<void> {
    const created: EntityRecord[] = [];
    const changed: ChangedEntity[] = [];
    const journal: JournalRecord[] = [];
    const before = this.#open.splice(
      0,
      Math.ceil((reactions * (reactionsPerEntity - 1)) / reactionsPerEntity),
    );
    for (let index = 0; index < reactions; index += 1) {
      const known = before[index];
      const record = known === undefined ? this.#newEntity() : changedEntity(known);
      if (known === undefined) created.push(record);
      else changed.push({ record, known: known.version, dataChanged: record.version === 2 });
      journal.push(this.#journalRow(record, known));
    }
    const next = [...changed.map(({ record }) => record), ...created];
    this.#open.push(...next.filter(({ version }) => version < reactionsPerEntity));
    await this.#write({ created, changed, journal });
  }

  async #write(part: Pick<Flush, "created" | "changed" | "journal">): Promise<void> {
    const flush = {
      ...part,
      lane: 0,
      turn: this.#turn,
      head: this.#head,
      inbox: new Map([["order", this.#head]]),
      parked: [],
      unparked: [],
      answers: [],
    };
    const { result } = await this.#database.flush(new Map([[this.#participant, [flush]]]));
    if (result !== "committed") throw new Error(`the flush was ${result}`);
    this.#turn += 1;
  }

  #newEntity(): EntityRecord {
    this.#entities += 1;
    const sagaId = `0193a6f0-${hex(this.#entities, 4)}-7000-8000-${hex(this.#entities, 12)}`;
    return {
      key: sagaId,
      sagaId,
      lane: 0,
      state: "CREATE_PENDING",
      facts: undefined,
      data: { orderId: sagaId, restaurantId: "ajanta", lines: [{ item: "Chicken Vindaloo", quantity: 2 }] },
      version: 1,
      since: 1,
      beganAt: 1_420_070_400_000,
      enteredAt: 1_420_070_400_000,
      activity: undefined,
      deadline: undefined,
    };
  }

  #journalRow(entity: EntityRecord, before: EntityRecord | undefined): JournalRecord {
    this.#head += 1;
    return journalOf(this.#head, {
      sagaId: entity.sagaId,
      key: entity.key,
      cause: { source: "order", lane: 0, position: this.#head },
      kind: "event",
      trigger: "OrderCreated",
      from: before?.state ?? "none",
      outcome: "accept",
      to: entity.state,
      emitted: [
        { event: "TicketCreated", data: { orderId: entity.key, ticketId: entity.key, total: "61.70" } },
      ],
      trace: undefined,
    });
  }
}

function changedEntity(known: EntityRecord): EntityRecord {
  const version = known.version + 1;
  return { ...known, version, since: version, state: version === 2 ? "AWAITING_ACCEPTANCE" : "ACCEPTED" };
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0").slice(-digits);
}
