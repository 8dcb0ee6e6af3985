// What the migrations leave behind, table by table: the catalogue of an opened schema is compared with it.

/** A table's columns with their types (`!` for not null) and its indexes, by name. */
export interface TableManifest {
  readonly columns: Readonly<Record<string, string>>;
  readonly indexes: readonly string[];
}

/** The tables of a participant's schema, and its functions. */
export const manifest: Readonly<Record<string, TableManifest>> = {
  migration: {
    columns: {
      number: "integer!",
      name: "text!",
      breaking: "boolean!",
      checksum: "text!",
      applied_at: "timestamp with time zone!",
    },
    indexes: ["migration_pkey"],
  },
  lane: {
    columns: { lane: "integer!", turn: "bigint!", head: "bigint!", generation: "integer!" },
    indexes: ["lane_pkey"],
  },
  inbox: {
    columns: { lane: "integer!", source: "text!", position: "bigint!" },
    indexes: ["inbox_pkey"],
  },
  generation: {
    columns: {
      number: "integer!",
      time: "bigint!",
      is_run: "boolean!",
      choreography: "text!",
      participant: "text!",
      fingerprint: "text!",
      contract: "json!",
    },
    indexes: ["generation_pkey"],
  },
  subscription: {
    columns: {
      lane: "integer!",
      source: "text!",
      event: "text!",
      after: "bigint!",
      until: "bigint",
      is_unknown: "boolean!",
    },
    indexes: ["subscription_pkey"],
  },
  entity: {
    columns: {
      key: "text!",
      saga_id: "text!",
      lane: "integer!",
      began_at: "bigint!",
      version: "integer!",
      since: "integer!",
      entered_at: "bigint!",
      state: "text!",
      activity: "text",
      deadline: "text",
      due: "bigint",
      facts: "json",
      data: "json",
      data_version: "integer",
    },
    indexes: ["entity_pkey", "entity_saga_id", "entity_began_at", "entity_due", "entity_activity"],
  },
  journal: {
    columns: {
      lane: "integer!",
      position: "bigint!",
      saga_id: "text!",
      key: "text!",
      cause_source: "text!",
      cause_lane: "integer!",
      cause_position: "bigint!",
      kind: "text!",
      trigger: "text!",
      from_state: "text!",
      outcome: "text!",
      to_state: "text!",
      emitted: "json!",
      time: "bigint!",
      trace: "text",
    },
    indexes: ["journal_pkey", "journal_saga_id"],
  },
  parked: {
    columns: {
      id: "text!",
      lane: "integer!",
      key: "text!",
      saga_id: "text!",
      ordinal: "bigint!",
      kind: "text!",
      trigger: "text!",
      data: "json",
      cause_source: "text!",
      cause_lane: "integer!",
      cause_position: "bigint!",
      reason: "text!",
      attempts: "integer!",
      next_at: "bigint",
      version: "integer!",
      error: "json",
      bytes: "integer!",
      parked_at: "bigint!",
      trace: "text",
      note: "text",
      data_version: "integer",
    },
    indexes: [
      "parked_pkey",
      "parked_line",
      "parked_aside",
      "parked_ordinal",
      "parked_next_at",
      "parked_saga_id",
    ],
  },
  origin: {
    columns: {
      saga_id: "text!",
      event: "text!",
      source: "text!",
      lane: "integer!",
      position: "bigint!",
      from_choreography: "text!",
      from_saga_id: "text!",
    },
    indexes: ["origin_pkey", "origin_from_saga_id"],
  },
  answer: {
    columns: {
      idempotency_key: "text!",
      command: "text!",
      saga_id: "text!",
      key: "text!",
      state: "text!",
      outcome: "text!",
      time: "bigint!",
      digest: "text",
    },
    indexes: ["answer_pkey"],
  },
};
