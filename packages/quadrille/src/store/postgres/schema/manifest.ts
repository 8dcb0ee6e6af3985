// The tables as the migrations make them: the catalogue of an opened schema is compared with it.
import { answerTable } from "../rows/answer.ts";
import { entityTable } from "../rows/entity.ts";
import { journalTable } from "../rows/journal.ts";
import { originTable } from "../rows/origin.ts";
import { parkedTable } from "../rows/parked.ts";
import { generationTable, laneTable, subscriptionTable } from "../rows/registry.ts";
import { requestTable } from "../rows/request.ts";
import { manifestOf, type TableManifest } from "../rows/table.ts";

/** The table in which `migrate.ts` keeps its own books. */
const migration: TableManifest = {
  columns: {
    number: "integer!",
    name: "text!",
    breaking: "boolean!",
    checksum: "text!",
    applied_at: "timestamp with time zone!",
  },
  indexes: ["migration_pkey"],
};

/** The tables of a participant's schema, by name. */
export const manifest: Readonly<Record<string, TableManifest>> = {
  migration,
  lane: manifestOf(laneTable),
  generation: manifestOf(generationTable),
  subscription: manifestOf(subscriptionTable),
  entity: manifestOf(entityTable),
  journal: manifestOf(journalTable),
  parked: manifestOf(parkedTable),
  origin: manifestOf(originTable),
  answer: manifestOf(answerTable),
  request: manifestOf(requestTable),
};
