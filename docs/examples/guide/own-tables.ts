// A stock keeps its own table, changed in the transaction that has the reaction: taken and published, or
// neither.
import {
  choreography,
  command,
  entitiesOf,
  event,
  on,
  participant,
  service,
  startEngine,
  to,
} from "quadrille";
import { pgliteDatabase } from "quadrille/pglite";
import { z } from "zod";

const Wish = z.object({ sku: z.string(), quantity: z.int().min(1) });
export const take = command("take", Wish);
const Taken = event("Taken", Wish);
const SoldOut = event("SoldOut", Wish);

export const stock = participant("Stock", {
  entity: "Withdrawal",
  initial: "none",
  states: {
    none: [on(take, { ok: to("TAKEN").emits(Taken), soldOut: to("REFUSED").emits(SoldOut) })],
    TAKEN: [],
    REFUSED: [],
  },
});
export const withdrawing = choreography("Withdrawing", {
  participants: [stock],
  publicEvents: [Taken, SoldOut],
  ends: { taken: { Stock: "TAKEN" }, soldOut: { Stock: "REFUSED" } },
});

const stockService = service(stock, {
  handlers: {
    none: {
      take: {
        transact: async ({ payload: wish, choose }, tx) => {
          await tx.query("create table if not exists stock.item (sku text primary key, quantity integer)");
          await tx.query("insert into stock.item values ($1, 10) on conflict do nothing", [wish.sku]);
          const { rows } = await tx.query(
            "update stock.item set quantity = quantity - $2 where sku = $1 and quantity >= $2 returning quantity",
            [wish.sku, wish.quantity],
          );
          return rows.length === 0 ? choose.soldOut({ SoldOut: wish }) : choose.ok({ Taken: wish });
        },
      },
    },
  },
});

if (import.meta.main) {
  await using database = await pgliteDatabase();
  await using engine = await startEngine({ choreography: withdrawing, services: [stockService], database });
  for (const quantity of [7, 7]) {
    const { state } = await engine.send(take, { sku: "margherita", quantity });
    console.log(`${quantity}: ${state}`);
  }
  const withdrawals = entitiesOf(database, stock);
  const [last] = await withdrawals.page({ limit: 20, states: ["REFUSED"] });
  console.log("refused:", last?.state, last?.version);
  const left = await database.sql.query("select sku, quantity from stock.item where quantity > $1", [0]);
  console.log("left:", JSON.stringify(left.rows));
}
