// A choreography at work, with the operator's view of it, on every kind of database.
import { freshDatabase } from "../../../test/postgres.ts";
import type { Choreography } from "../src/contract/choreography.ts";
import { fromJson } from "../src/contract/json/from-json.ts";
import { command, type CommandType } from "../src/contract/trigger.ts";
import type { Operations } from "../src/operations/api.ts";
import { openOperations } from "../src/operations/operations.ts";
import { memoryDatabase } from "../src/store/memory.ts";
import { freshPglite } from "../../../test/pglite.ts";
import { postgresDatabase } from "../src/store/postgres/postgres-database.ts";
import type { Database } from "../src/store/database.ts";
import { type ScriptedCall, type ScriptedChoice, scriptedServices } from "../src/testing/scripted.ts";
import { World } from "./engine-world.ts";
import { reference } from "./reference-choreographies.ts";

export const choreography: Choreography = fromJson(reference("create-order"));
export const create: CommandType<"createOrder", undefined> = command("createOrder");
export const first: ScriptedChoice = ({ outcomes }) => outcomes[0] ?? "";

/** Engines and operations on one database. */
export interface Place extends AsyncDisposable {
  readonly world: World;
  readonly operations: Operations;
}

/** What differs from a place where all goes well. */
export interface Script {
  readonly choose?: ScriptedChoice;
  readonly call?: ScriptedCall;
  /** Participants that do not run. */
  readonly without?: readonly string[];
}

/** Databases by name; each case has schemas of its own in one of them. */
export const kinds: Readonly<Record<string, () => Promise<Database>>> = {
  memory: async () => memoryDatabase(),
  PGlite: () => freshPglite(),
  PostgreSQL: async () => {
    const fresh = await freshDatabase();
    const database = await postgresDatabase({ url: fresh.url });
    const close = async (): Promise<void> => {
      await database[Symbol.asyncDispose]();
      await fresh.drop();
    };
    return { ...database, [Symbol.asyncDispose]: close };
  },
};

/**
 * Makes databases, and places on them, in which nothing has happened yet. All of a kind share one database.
 */
export class Places implements AsyncDisposable {
  readonly #shared: Database | undefined;
  #count = 0;

  constructor(shared: Database) {
    this.#shared = shared.label === "memory" ? undefined : shared;
  }

  untouched(): Database {
    const shared = this.#shared;
    if (shared === undefined) return memoryDatabase();
    const prefix = `case${(this.#count += 1)}_`;
    return {
      ...shared,
      open: (setup) => shared.open({ ...setup, schema: prefix + setup.name.toLowerCase() }),
      inspect: (place) => shared.inspect({ ...place, schema: prefix + place.name.toLowerCase() }),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async place({ choose = first, call, without = [] }: Script = {}): Promise<Place> {
    const database = this.untouched();
    const all = scriptedServices(choreography, { choose, ...(call === undefined ? {} : { call }) });
    const services = all.filter(({ participant }) => !without.includes(participant.name));
    const world = new World({
      choreography,
      services,
      database,
      limits: { attemptsMax: 1, callAttemptsMax: 1 },
    });
    await world.makeTables();
    const operations = await openOperations({ choreography, database });
    return { world, operations, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shared?.[Symbol.asyncDispose]();
  }
}
