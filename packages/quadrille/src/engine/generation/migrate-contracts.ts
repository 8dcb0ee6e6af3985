// Compares a choreography's contracts with the tables of a database, and accepts changed ones on purpose.
import type { Ambient } from "../../ambient/ambient.ts";
import type { Choreography } from "../../contract/choreography.ts";
import { systemOf } from "../../contract/system.ts";
import { isQuadrilleError } from "../../errors.ts";
import type { Database } from "../../store/database.ts";
import type { Inspection } from "../../store/store.ts";
import { type ContractReview, enrol, type EnrolOptions, reviewOf } from "./enrol.ts";

/** What to compare. */
export interface MigrateOptions {
  readonly choreographies: readonly Choreography[];
  readonly database: Database;
  readonly ambient: Pick<Ambient, "clock" | "log">;
}

/** Compares, and writes nothing. */
export async function reviewContracts(options: MigrateOptions): Promise<readonly ContractReview[]> {
  const opened = await openMade(options);
  const made: readonly ContractReview[] = await reviewOf(opened);
  const missing = options.choreographies
    .flatMap(({ participants }) => participants)
    .filter(({ name }) => !opened.stores.has(name));
  return [
    ...made,
    ...missing.map(({ name }): ContractReview => {
      return { participant: name, generation: 0, verdict: "new", reason: undefined };
    }),
  ];
}

/**
 * Records the contracts, even if they do not understand work under way. From then on, processes with earlier
 * contracts are refused.
 */
export async function acceptContracts(options: MigrateOptions): Promise<void> {
  await enrol({ ...(await openMade(options)), accept: true });
}

/** Opens the existing tables; those of a new participant are made at its first start. */
async function openMade({ choreographies, database, ambient }: MigrateOptions): Promise<EnrolOptions> {
  const stores = new Map<string, Inspection>();
  const whole = systemOf(choreographies);
  for (const { name } of whole.parts.map(({ table }) => table)) {
    try {
      stores.set(name, await database.inspect({ name }));
    } catch (error) {
      if (!isQuadrilleError(error) || error.code !== "Q_SCHEMA_MISSING") throw error;
    }
  }
  const system = { ...whole, parts: whole.parts.filter(({ table }) => stores.has(table.name)) };
  return { system, stores, ambient, running: new Set(stores.keys()) };
}
