// Consumer's own table: the accounts.
import { z } from "zod";
import type { Migrations } from "../database/migrate.ts";
import type { Sql } from "../database/sql.ts";
import type { ConsumerAccount, ConsumerDirectory } from "./directory.ts";

export const consumerMigrations: Migrations = {
  schema: "consumer",
  folder: new URL("sql/", import.meta.url),
};

const AccountRow = z.object({
  consumer_id: z.string(),
  limit_cents: z.int(),
  blocked: z.boolean(),
  card_id: z.string(),
});

/** Adds accounts; those that exist stay as they are. */
export async function addAccounts(sql: Sql, accounts: readonly ConsumerAccount[]): Promise<void> {
  await sql.query(
    `insert into consumer.account (consumer_id, limit_cents, blocked, card_id)
     select * from unnest($1::text[], $2::int[], $3::boolean[], $4::text[]) on conflict (consumer_id) do nothing`,
    [
      accounts.map(({ consumerId }) => consumerId),
      accounts.map(({ limit }) => limit),
      accounts.map(({ blocked }) => blocked),
      accounts.map(({ cardId }) => cardId),
    ],
  );
}

/** All accounts, by consumer. */
export async function readDirectory(sql: Sql): Promise<ConsumerDirectory> {
  const { rows } = await sql.query("select consumer_id, limit_cents, blocked, card_id from consumer.account");
  const accounts = rows.map((row) => AccountRow.parse(row));
  return new Map(
    accounts.map(({ consumer_id: consumerId, limit_cents: limit, blocked, card_id: cardId }) => [
      consumerId,
      { consumerId, limit, blocked, cardId },
    ]),
  );
}
