// The clearing: reports reversals and changed amounts to the payment provider, in batches, from Accounting's
// own journal. The journal is the outbox. Idempotency keys make a repeat harmless: after a crash a batch may
// be sent again, without effect.
import { z } from "zod";
import type { Sql } from "../database/sql.ts";
import type { ProviderChange } from "../payment-provider/provider.ts";

/** Reactions of the journal looked at by one statement. */
const rowsMax = 2_000;

/** What the clearing needs. */
export interface ClearingParts {
  readonly sql: Sql;
  /** Sends changes to the payment provider. Rejects when its answer was lost: then they are sent again. */
  readonly report: (changes: readonly ProviderChange[]) => Promise<void>;
  readonly lanes: number;
}

const ChangeRow = z.object({
  order_id: z.string(),
  to_state: z.string(),
  emitted: z.array(z.object({ event: z.string(), data: z.unknown() })),
  data: z.object({
    authorizationId: z.string(),
    amount: z.int(),
    revision: z.int().optional(),
  }),
});
type ChangeRow = z.infer<typeof ChangeRow>;
const Revised = z.object({ revision: z.int(), amount: z.int() });

/**
 * Reports everything that the provider does not know yet. Rejects with the database's error; the caller may
 * try again.
 */
export async function clear({ sql, report, lanes }: ClearingParts): Promise<void> {
  for (let lane = 0; lane < lanes; lane += 1) {
    let [position, head] = await placesOf(sql, lane);
    while (position < head) {
      const until = Math.min(head, position + rowsMax);
      const changes = (await rowsBetween(sql, lane, [position, until])).flatMap(changesOf);
      if (changes.length > 0) await report(changes);
      position = until;
      await sql.query(
        `insert into accounting.clearing (lane, position) values ($1, $2)
         on conflict (lane) do update set position = greatest(clearing.position, excluded.position)`,
        [lane, position],
      );
    }
  }
}

/** The position reported to the provider, and the journal's last position. */
async function placesOf(sql: Sql, lane: number): Promise<[position: number, head: number]> {
  const { rows } = await sql.query(
    `select head, coalesce((select position from accounting.clearing where lane = $1), 0) as position
     from accounting.lane where lane = $1`,
    [lane],
  );
  const read = z.object({ head: z.coerce.number(), position: z.coerce.number() }).safeParse(rows[0]);
  return read.success ? [read.data.position, read.data.head] : [0, 0];
}

// Two statements, each by a primary key: joined in one, the entities were read whole for every batch.
async function rowsBetween(
  sql: Sql,
  lane: number,
  [after, until]: readonly [number, number],
): Promise<readonly ChangeRow[]> {
  const { rows } = await sql.query(
    `select key as order_id, to_state, emitted from accounting.journal
     where lane = $1 and position > $2 and position <= $3
       and (to_state = 'REVERSED' or (trigger = 'TicketRevisionPending' and outcome = 'ok'))
     order by position`,
    [lane, after, until],
  );
  if (rows.length === 0) return [];
  const entities = await sql.query("select key, data from accounting.entity where key = any($1::text[])", [
    rows.map((row) => row["order_id"]),
  ]);
  const dataOf = new Map(entities.rows.map(({ key, data }) => [key, data]));
  return rows.map((row) => ChangeRow.parse({ ...row, data: dataOf.get(row["order_id"]) }));
}

function changesOf({
  order_id: orderId,
  to_state: state,
  emitted,
  data,
}: ChangeRow): readonly ProviderChange[] {
  const { authorizationId } = data;
  if (state === "REVERSED") {
    const key = `${authorizationId}/reversal`;
    return [{ key, kind: "reversal", authorizationId, reference: orderId, amount: data.amount }];
  }
  return emitted.map(({ data: payload }) => {
    const { revision, amount } = Revised.parse(payload);
    const key = `${authorizationId}/revision/${revision}`;
    return { key, kind: "change", authorizationId, reference: orderId, amount };
  });
}
