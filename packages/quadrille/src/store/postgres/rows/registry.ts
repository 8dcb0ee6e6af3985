// The tables of a participant's contract and of its lanes: who writes, how far each lane goes, and how far it
// has read.
import type { GenerationRecord, SubscriptionRecord } from "../../records.ts";
import type { LaneReading, Recovery } from "../../store.ts";
import type { SqlRow } from "../client/sql-client.ts";
import { type SqlTable, table } from "./table.ts";
import { fromJson, optionalNumber } from "./values.ts";

type LaneRow = Pick<Recovery, "turn" | "head" | "generation">;

export const laneTable: SqlTable<Pick<LaneReading, "lane" | "inbox"> & LaneRow> = table(
  "lane",
  {
    lane: ["integer", ({ lane }) => lane],
    turn: ["bigint", ({ turn }) => turn],
    head: ["bigint", ({ head }) => head],
    generation: ["integer", ({ generation }) => generation],
    inbox: ["jsonb", ({ inbox }) => Object.fromEntries(inbox)],
  },
  { made: { era: ["bigint", "turn / 256"] }, indexes: ["lane_pkey", "lane_once"] },
);

export const generationTable: SqlTable<GenerationRecord> = table(
  "generation",
  {
    number: ["integer", ({ number }) => number],
    time: ["bigint", ({ time }) => time],
    is_run: ["boolean", ({ isRun }) => isRun],
    choreography: ["text", ({ choreography }) => choreography],
    participant: ["text", ({ participant }) => participant],
    fingerprint: ["text", ({ fingerprint }) => fingerprint],
    contract: ["json", ({ contract }) => contract],
  },
  { indexes: ["generation_pkey"] },
);

export const subscriptionTable: SqlTable<SubscriptionRecord> = table(
  "subscription",
  {
    lane: ["integer", ({ lane }) => lane],
    source: ["text", ({ source }) => source],
    event: ["text", ({ event }) => event],
    after: ["bigint", ({ after }) => after],
    until: ["bigint?", ({ until }) => until],
    is_unknown: ["boolean", ({ isUnknown }) => isUnknown],
  },
  { indexes: ["subscription_pkey"] },
);

/** A lane's turn, head and generation. */
export function laneFromRow(row: SqlRow): LaneRow {
  return {
    turn: row["turn"] as number,
    head: row["head"] as number,
    generation: row["generation"] as number,
  };
}

/** The column of {@link inboxFromRow}: the driver's own reading of `jsonb` is not relied on. */
export const inboxColumn = "inbox::json";

/** The positions taken, by source. */
export function inboxFromRow(row: SqlRow): ReadonlyMap<string, number> {
  return new Map(Object.entries(fromJson(row["inbox"]) as Readonly<Record<string, number>>));
}

export function subscriptionFromRow(row: SqlRow): SubscriptionRecord {
  return {
    lane: row["lane"] as number,
    source: row["source"] as string,
    event: row["event"] as string,
    after: row["after"] as number,
    until: optionalNumber(row["until"]),
    isUnknown: row["is_unknown"] as boolean,
  };
}

export function generationFromRow(row: SqlRow): GenerationRecord {
  return {
    number: row["number"] as number,
    time: row["time"] as number,
    isRun: row["is_run"] as boolean,
    choreography: row["choreography"] as string,
    participant: row["participant"] as string,
    fingerprint: row["fingerprint"] as string,
    contract: fromJson(row["contract"]) as GenerationRecord["contract"],
  };
}
