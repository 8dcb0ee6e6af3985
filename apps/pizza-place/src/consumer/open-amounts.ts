// The open amount of a consumer: what its open orders cost together. One conditional update debits and
// another one credits, for all orders of a batch, in the transaction of the reactions. Such updates commute:
// the sum does not depend on the order in which a consumer's orders arrive. Nothing is read first, so nothing
// can change in between.
import type { Transaction } from "quadrille";

/** What an order adds to its consumer's open amount, in cents. */
export interface OrderAmount {
  readonly orderId: string;
  readonly consumerId: string;
  readonly amount: number;
}

/** Debits the amounts that fit, each as a whole, in their order, and gives the ids of their orders. */
export async function debitAll(
  tx: Transaction,
  wanted: readonly OrderAmount[],
): Promise<ReadonlySet<string>> {
  const together = await debit(tx, wanted);
  const debited = wanted.filter(({ consumerId }) => together.has(consumerId));
  // A consumer for whom not everything fits gets what does, one order after another.
  for (const one of wanted.filter(({ consumerId }) => !together.has(consumerId)))
    if ((await debit(tx, [one])).has(one.consumerId)) debited.push(one);
  return new Set(debited.map(({ orderId }) => orderId));
}

/** Debits each consumer with all of its amounts or with none, and gives those for whom they fitted. */
async function debit(tx: Transaction, amounts: readonly OrderAmount[]): Promise<ReadonlySet<unknown>> {
  if (amounts.length === 0) return new Set();
  const { rows } = await tx.query(
    `update consumer.account set open_cents = open_cents + wanted.amount
     from (${sums}) as wanted where account.consumer_id = wanted.consumer_id
       and (credit_cents is null or open_cents + wanted.amount <= credit_cents) returning account.consumer_id`,
    columns(amounts),
  );
  return new Set(rows.map(({ consumer_id: consumerId }) => consumerId));
}

/** Gives amounts back; a negative one takes more, whatever the credit is. */
export async function creditAll(
  tx: Transaction,
  amounts: readonly Omit<OrderAmount, "orderId">[],
): Promise<void> {
  await tx.query(
    `update consumer.account set open_cents = open_cents - given.amount
     from (${sums}) as given where account.consumer_id = given.consumer_id`,
    columns(amounts),
  );
}

const sums = `select consumer_id, sum(amount) as amount
  from unnest($1::text[], $2::bigint[]) as one (consumer_id, amount) group by consumer_id`;

function columns(amounts: readonly Omit<OrderAmount, "orderId">[]): readonly unknown[] {
  return [amounts.map(({ consumerId }) => consumerId), amounts.map(({ amount }) => amount)];
}
