// A participant's entities, read from its tables with the types of its contract: for a service's own pages
// and reports.
import type { Participant, States } from "../contract/participant.ts";
import { compile, type Table } from "../contract/table.ts";
import { QuadrilleError } from "../errors.ts";
import type { EntityRecord } from "../store/records.ts";
import { isStorable } from "../store/storable.ts";
import type { Database } from "../store/database.ts";
import type { Inspection } from "../store/store.ts";
import { PayloadChecker } from "./message/payload.ts";

/** An entity as it was committed last. */
export interface Entity<State extends string = string, Data = unknown> {
  readonly key: string;
  /** The saga whose message entered the present state. */
  readonly sagaId: string;
  /** The declared state; while a join collects its events, the state that declares it. */
  readonly state: State;
  /** Undefined as long as no handler has given any. */
  readonly data: Data | undefined;
  /** Counts the reactions that changed it. */
  readonly version: number;
  /** When it came to be, in milliseconds since 1970. */
  readonly beganAt: number;
  /** When its state was entered, likewise. */
  readonly enteredAt: number;
}

/** A page of entities, the newest first. */
export interface EntitiesPage<State extends string = string> {
  /** The most entities to give: 1 or more. */
  readonly limit: number;
  /** The last entity of the page before; the first page where absent. */
  readonly after?: Pick<Entity, "beganAt" | "sagaId">;
  /** Only those in these states. */
  readonly states?: readonly State[];
}

/**
 * Reads what is committed, not what a batch is deciding. Stored data are read through the schema's upcasters.
 * Each method rejects with `Q_SCHEMA_MISSING` where no engine has made the participant's tables, with
 * `Q_STATE_UNKNOWN` where an entity is in a state that the contract does not have, and with
 * `Q_PAYLOAD_INVALID` where its data do not fit the schema.
 */
export interface Entities<State extends string = string, Data = unknown> {
  /** The entity with this key; for an entity that is not shared, the saga's id. */
  get(key: string): Promise<Entity<State, Data> | undefined>;
  /** Those that exist among the keys, by key: one statement, however many they are. */
  getAll(keys: readonly string[]): Promise<ReadonlyMap<string, Entity<State, Data>>>;
  /**
   * A page. Rejects with `Q_QUERY_UNKNOWN` where the limit is no number of entities, or a state is not the
   * contract's.
   */
  page(query: EntitiesPage<State>): Promise<readonly Entity<State, Data>[]>;
}

/**
 * The entities of a participant, typed by its contract. Needs no engine: tables are looked at with the first
 * call, and nothing is made or changed.
 *
 * ```ts
 * const orders = entitiesOf(database, order);
 * (await orders.get("order-7"))?.state; // "PENDING" | "CONFIRMED" | …
 * await orders.page({ states: ["PENDING"], limit: 20 });
 * ```
 */
export function entitiesOf<Name extends string, S extends States, Data, Initial extends string>(
  database: Pick<Database, "inspect">,
  participant: Participant<Name, S, Data, Initial>,
): Entities<keyof S & string, Data> {
  return new StoredEntities<keyof S & string, Data>(database, compile(participant));
}

class StoredEntities<State extends string, Data> implements Entities<State, Data> {
  readonly #database: Pick<Database, "inspect">;
  readonly #table: Table;
  readonly #payloads = new PayloadChecker(Number.POSITIVE_INFINITY);
  #inspection: Promise<Inspection> | undefined;

  constructor(database: Pick<Database, "inspect">, table: Table) {
    this.#database = database;
    this.#table = table;
  }

  async get(key: string): Promise<Entity<State, Data> | undefined> {
    return (await this.getAll([key])).get(key);
  }

  async getAll(keys: readonly string[]): Promise<ReadonlyMap<string, Entity<State, Data>>> {
    const inspection = await this.#inspect();
    const records = await inspection.load(keys.filter(isStorable));
    return new Map(Array.from(records, ([key, record]) => [key, this.#read(record)]));
  }

  async page({ limit, after, states }: EntitiesPage<State>): Promise<readonly Entity<State, Data>[]> {
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw unknown(`A page has a limit of 1 entity or more, and not ${limit}.`);
    const names = states?.flatMap((state) => this.#rowsOf(state));
    const inspection = await this.#inspect();
    const records = await inspection.entities({
      limit,
      ...(names === undefined ? {} : { states: names }),
      ...(after === undefined ? {} : { before: { beganAt: after.beganAt, sagaId: after.sagaId } }),
    });
    return records.map((record) => this.#read(record));
  }

  /** Once it has succeeded, tables are not looked for again. */
  async #inspect(): Promise<Inspection> {
    this.#inspection ??= this.#database.inspect({ name: this.#table.name });
    try {
      return await this.#inspection;
    } catch (error) {
      this.#inspection = undefined;
      throw error;
    }
  }

  /** The names under which the entities of a declared state are stored. */
  #rowsOf(state: string): readonly string[] {
    const names = this.#table.states.rowsOf(state).map(({ name }) => name);
    if (names.length > 0) return names;
    const known = this.#table.states.declared.map(({ name }) => name).join(", ");
    throw unknown(`${this.#table.name} has no state ${state}; it has ${known}.`);
  }

  #read({ key, sagaId, state, data, dataVersion, ...record }: EntityRecord): Entity<State, Data> {
    const { name, entity, states, data: schema } = this.#table;
    const base = states.get(state)?.base;
    if (base === undefined) {
      const message = `${name} ${key} is in state ${state}, which its contract does not have.`;
      throw new QuadrilleError("Q_STATE_UNKNOWN", message);
    }
    const stored = { what: `data of ${entity} ${key}`, data, version: dataVersion };
    const read = data === undefined ? undefined : this.#payloads.accept(schema, stored);
    const { version, beganAt, enteredAt } = record;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table is of these states, and its schema of this data
    return { key, sagaId, state: base, data: read, version, beganAt, enteredAt } as Entity<State, Data>;
  }
}

function unknown(message: string): QuadrilleError {
  return new QuadrilleError("Q_QUERY_UNKNOWN", message);
}
