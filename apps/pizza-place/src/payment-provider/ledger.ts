// The provider's tables: its cards, and the ledger in which each idempotency key has one entry.
import { z } from "zod";
import type { Migrations } from "../database/migrate.ts";
import type { Sql } from "../database/sql.ts";
import type { AuthorizationRequest, ProviderAnswer, ProviderChange } from "./provider.ts";
import type { ProviderCard } from "./rule.ts";

export const providerMigrations: Migrations = {
  schema: "payment_provider",
  folder: new URL("sql/", import.meta.url),
};

/** A request with the answer that a new entry would get. */
export interface Decided extends AuthorizationRequest {
  readonly answer: ProviderAnswer["answer"];
}

/** An authorization, a change of its amount, or its reversal; written once for each idempotency key. */
export interface LedgerEntry extends Decided {
  readonly kind: "authorization" | "change" | "reversal";
  /** Its number: entries are numbered from 1, with gaps. */
  readonly entry: number;
  readonly authorizationId: string;
  /** Whether this call made it; otherwise it was there already. */
  readonly added: boolean;
}

const EntryRow = z.object({
  idempotency_key: z.string(),
  card_token: z.string(),
  amount_cents: z.int(),
  reference: z.string(),
  answer: z.enum(["authorized", "declined"]),
  kind: z.enum(["authorization", "change", "reversal"]),
  authorization_id: z.string(),
  entry: z.coerce.number(),
  added: z.boolean(),
});

const columns = `idempotency_key, card_token, amount_cents, reference, answer, kind, entry, 'auth-' || entry as authorization_id`;

// The second part reads what was there before the statement began, so that an entry is in one of the two
// parts only.
const recordSql = `
  with asked as (
    select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[])
      as a (idempotency_key, card_token, amount_cents, reference, answer)
  ), added as (
    insert into payment_provider.ledger (idempotency_key, card_token, amount_cents, reference, answer)
    select idempotency_key, card_token, amount_cents, reference, answer from asked
    on conflict (idempotency_key) do nothing
    returning ${columns}
  )
  select *, true as added from added
  union all
  select ${columns}, false as added from payment_provider.ledger
  where idempotency_key in (select idempotency_key from asked)`;

/**
 * Enters each request under its key unless the key has an entry, in one statement, and gives the entries by
 * key. A key that another connection entered at the same moment may be missing: ask again.
 */
export async function recordEntries(
  sql: Sql,
  requests: readonly Decided[],
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const { rows } = await sql.query(recordSql, [
    requests.map(({ key }) => key),
    requests.map(({ cardToken }) => cardToken),
    requests.map(({ amount }) => amount),
    requests.map(({ reference }) => reference),
    requests.map(({ answer }) => answer),
  ]);
  return new Map(rows.map(entryOf).map((entry) => [entry.key, entry]));
}

/**
 * Enters changes and reversals, in their order; one whose key has an entry is left out. Throws for an unknown
 * authorization.
 */
export async function recordChanges(sql: Sql, changes: readonly ProviderChange[]): Promise<void> {
  const { rows } = await sql.query(
    `with asked as (
       select * from unnest($1::text[], $2::text[], $3::bigint[], $4::int[]) with ordinality
         as a (idempotency_key, kind, authorization_entry, amount_cents, ordinal)
     ), known as (
       select asked.*, ledger.card_token, ledger.reference from asked
       join payment_provider.ledger on ledger.entry = asked.authorization_entry
     ), added as (
       insert into payment_provider.ledger (idempotency_key, card_token, amount_cents, reference, answer, kind)
       select idempotency_key, card_token, amount_cents, reference, 'authorized', kind from known order by ordinal
       on conflict (idempotency_key) do nothing
     )
     select count(*)::int as known from known`,
    [
      changes.map(({ key }) => key),
      changes.map(({ kind }) => kind),
      changes.map(({ authorizationId }) => Number(authorizationId.replace("auth-", ""))),
      changes.map(({ amount }) => amount),
    ],
  );
  if (rows[0]?.["known"] !== changes.length)
    throw new Error("The payment provider was notified of an authorization that its ledger does not have");
}

/** Reads the ledger, a part at a time. */
export interface LedgerReader {
  /** The entries for these orders. */
  of(orderIds: readonly string[]): Promise<readonly LedgerEntry[]>;
  /** Entries after the given one, in their order. */
  page(after: number, limit: number): Promise<readonly LedgerEntry[]>;
}

/** Reads the ledger's table. */
export function ledgerReader(sql: Sql): LedgerReader {
  const read = async (rest: string, values: readonly unknown[]): Promise<readonly LedgerEntry[]> => {
    const text = `select ${columns}, false as added from payment_provider.ledger ${rest}`;
    return (await sql.query(text, values)).rows.map(entryOf);
  };
  return {
    of: (orderIds) => read("where reference = any($1::text[]) order by entry", [orderIds]),
    page: (after, limit) => read("where entry > $1 order by entry limit $2", [after, limit]),
  };
}

/** Makes the cards known to the provider; those that are known stay as they are. */
export async function addProviderCards(sql: Sql, cards: readonly ProviderCard[]): Promise<void> {
  await sql.query(
    `insert into payment_provider.card (token, declines)
     select * from unnest($1::text[], $2::boolean[]) on conflict (token) do nothing`,
    [cards.map(({ token }) => token), cards.map(({ declines }) => declines)],
  );
}

/** All cards that the provider knows. */
export async function readProviderCards(sql: Sql): Promise<readonly ProviderCard[]> {
  const { rows } = await sql.query("select token, declines from payment_provider.card order by token");
  return z.array(z.object({ token: z.string(), declines: z.boolean() })).parse(rows);
}

function entryOf(row: unknown): LedgerEntry {
  const read = EntryRow.parse(row);
  return {
    key: read.idempotency_key,
    cardToken: read.card_token,
    amount: read.amount_cents,
    reference: read.reference,
    answer: read.answer,
    kind: read.kind,
    authorizationId: read.authorization_id,
    entry: read.entry,
    added: read.added,
  };
}
