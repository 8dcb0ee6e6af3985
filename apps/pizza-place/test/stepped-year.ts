// For tests: the first orders of the year in stepped time, and what the participants' journals say of them.
import { createHash } from "node:crypto";
import { type Database, systemAmbient } from "quadrille";
import { z } from "zod";
import type { ContractName } from "../src/shared/contract-name.ts";
import { startSystem } from "../src/composition/system.ts";
import { sqlOf } from "../src/database/sql.ts";
import type { AuditReport } from "../src/audit/audit.ts";
import { askForOverdue } from "../src/replay/overdue.ts";
import { makePatience } from "../src/replay/patience.ts";
import { startReplaying } from "../src/programs/start/replaying.ts";
import { settledAudit, untilEnded } from "../src/programs/start/settle.ts";
import type { Together } from "../src/replay/stepped-replay.ts";

/** What is replayed, and how. */
export interface SteppedRun {
  /** The first so many of the year, or those with these numbers from 0. */
  readonly orders: number | readonly number[];
  readonly together?: Together;
  readonly contract?: ContractName;
  /** Which share is cancelled; a tenth unless given. */
  readonly cancels?: number;
}

/** What a replay has left. */
export interface Replayed {
  readonly report: AuditReport;
  /** The data set's numbers by the ids of the orders. */
  readonly references: ReadonlyMap<string, string>;
  /** All rows of the journals with all their columns, by participant and position. */
  readonly journals: Readonly<Record<string, readonly Row[]>>;
}

/** Replays on an empty database, and stops. */
export async function replayed(
  database: Database,
  { orders, together, contract, cancels = 0.1 }: SteppedRun,
): Promise<Omit<Replayed, "journals">> {
  const ambient = systemAmbient();
  const system = await startSystem({
    database,
    seed: 1,
    ambient,
    contract,
    time: { of: "orders" },
  });
  const patience = makePatience({ clock: ambient.clock, say: () => undefined });
  const stop = new AbortController().signal;
  const options = { rate: "max" as const, cancels, revisions: 0.1 * (1 - cancels), together };
  const replaying = startReplaying(system, options, { patience, clock: ambient.clock, stop });
  const { year } = system;
  const chosen =
    typeof orders === "number" ? year.slice(0, orders) : year.filter((_, index) => orders.includes(index));
  await replaying.run({ orders: chosen, rate: "max", inFlightMax: 192 });
  // What comes to its end in another process is asked for.
  const over = new AbortController();
  const ended = (sagaId: string, signal: AbortSignal) => system.engine.saga(sagaId).ended({ signal });
  const asking = askForOverdue({ board: system.board, ended, clock: ambient.clock }, over.signal);
  const isShared = database.owners !== undefined;
  const waiting = { ambient, patience, isShared, stop, shift: replaying.shift };
  await untilEnded(system, waiting, () => undefined);
  over.abort();
  await asking;
  const report = await settledAudit(system, waiting);
  if (report === undefined) throw new Error("the run was stopped");
  await system.engine.drain();
  const placed = await system.books.orders.page({ limit: chosen.length + 1 });
  const references = new Map(placed.map(({ orderId, reference = "" }) => [orderId, reference]));
  return { report, references };
}

const participants = ["Order", "Consumer", "Kitchen", "Accounting"] as const;

/** All rows of the journals. */
export async function journalsIn(database: Database): Promise<Replayed["journals"]> {
  const read = async (name: string) => {
    const text = `select * from "${name.toLowerCase()}".journal order by lane, position`;
    return [name, (await sqlOf(database).query(text)).rows.map((row) => Row.parse(row))] as const;
  };
  return Object.fromEntries(await Promise.all(participants.map(read)));
}

/** A digest of each journal with all its columns, and how many rows it has. */
export async function digestsIn(database: Database): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  for (const name of participants) {
    const digest = createHash("sha256");
    let count = 0;
    for await (const page of pagesOf(database, name)) {
      digest.update(JSON.stringify(page));
      count += page.length;
    }
    digests[name] = `${count} rows, ${digest.digest("hex")}`;
  }
  return digests;
}

/** A journal, a page of rows at a time. */
async function* pagesOf(database: Database, name: string): AsyncGenerator<readonly object[]> {
  const text = `select * from "${name.toLowerCase()}".journal order by lane, position limit 5000 offset $1`;
  for (let read = 0; ; ) {
    const { rows } = await sqlOf(database).query(text, [read]);
    if (rows.length === 0) return;
    read += rows.length;
    yield rows;
  }
}

/**
 * The rows of all journals by order, in their order, without what names a run: positions, the numbers of
 * commands, and the ids of sagas and authorizations, which stand as the order's number.
 */
export function byOrder({ journals, references }: Replayed): ReadonlyMap<string, readonly string[]> {
  const byReference = new Map<string, string[]>();
  for (const [participant, rows] of Object.entries(journals)) {
    for (const row of rows) {
      const reference = references.get(row.saga_id) ?? row.saga_id;
      const payloads = JSON.stringify(row.emitted)
        .replaceAll(row.saga_id, reference)
        .replaceAll(/auth-\d+/g, "auth");
      const { time, cause_source: source, kind, trigger, from_state: from, outcome, to_state: to } = row;
      const at = new Date(time).toISOString();
      const lines = byReference.get(reference) ?? [];
      lines.push([participant, at, source, kind, trigger, from, outcome, to, payloads].join(" "));
      byReference.set(reference, lines);
    }
  }
  return new Map([...byReference].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A row of a journal. */
const Row = z.looseObject({
  saga_id: z.string(),
  time: z.coerce.number(),
  cause_source: z.string(),
  kind: z.string(),
  trigger: z.string(),
  from_state: z.string(),
  outcome: z.string(),
  to_state: z.string(),
  emitted: z.unknown(),
});
type Row = z.infer<typeof Row>;
