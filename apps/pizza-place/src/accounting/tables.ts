// Accounting's own table: the cards on file.
import { z } from "zod";
import type { Migrations } from "../database/migrate.ts";
import type { Sql } from "../database/sql.ts";
import { type Card, type CardFile, cardFile } from "./cards.ts";

export const accountingMigrations: Migrations = {
  schema: "accounting",
  folder: new URL("sql/", import.meta.url),
};

const CardRow = z.object({
  card_id: z.string(),
  token: z.string(),
  prepaid: z.boolean(),
  raise_max_cents: z.int(),
});

/** Adds cards; those that exist stay as they are, also those that another program adds at the same time. */
export async function addCards(sql: Sql, cards: readonly Card[]): Promise<void> {
  await sql.query(
    `insert into accounting.card (card_id, token, prepaid, raise_max_cents)
     select * from unnest($1::text[], $2::text[], $3::boolean[], $4::int[]) on conflict do nothing`,
    [
      cards.map(({ cardId }) => cardId),
      cards.map(({ token }) => token),
      cards.map(({ isPrepaid }) => isPrepaid),
      cards.map(({ raiseMax }) => raiseMax),
    ],
  );
}

/** All cards on file. */
export async function readCards(sql: Sql): Promise<CardFile> {
  const { rows } = await sql.query("select card_id, token, prepaid, raise_max_cents from accounting.card");
  return cardFile(
    rows
      .map((row) => CardRow.parse(row))
      .map(({ card_id: cardId, token, prepaid: isPrepaid, raise_max_cents: raiseMax }) => ({
        cardId,
        token,
        isPrepaid,
        raiseMax,
      })),
  );
}
