// The contract of own-tables.ts with other code: the stock reserves for all orders of a batch by one
// statement. What one order takes is counted against those before it.
import { service, startEngine } from "quadrille";
import { pgliteDatabase } from "quadrille/pglite";
import { stock, take, withdrawing } from "./own-tables.ts";

const reserve = `
  with wish as (
    select *, sum(quantity) over (partition by sku order by nr) as so_far
    from unnest($1::text[], $2::text[], $3::integer[]) with ordinality as w (reservation, sku, quantity, nr)
  ), fitting as (
    select wish.* from wish join stock.item using (sku) where so_far <= item.quantity
  ), taken as (
    update stock.item set quantity = item.quantity - f.sum
    from (select sku, sum(quantity) as sum from fitting group by sku) as f where f.sku = item.sku
  )
  select reservation from fitting`;

let statements = 0;
const stockService = service(stock, {
  handlers: {
    none: {
      take: {
        transactAll: async (orders, tx) => {
          statements += 1;
          const { rows } = await tx.query(reserve, [
            orders.map(({ entity }) => entity.key),
            orders.map(({ payload }) => payload.sku),
            orders.map(({ payload }) => payload.quantity),
          ]);
          const reserved = new Set(rows.map(({ reservation }) => reservation));
          return orders.map(({ payload: wish, entity, choose }) =>
            reserved.has(entity.key) ? choose.ok({ Taken: wish }) : choose.soldOut({ SoldOut: wish }),
          );
        },
      },
    },
  },
});

if (import.meta.main) {
  await using database = await pgliteDatabase();
  await using engine = await startEngine({ choreography: withdrawing, services: [stockService], database });
  await database.sql.query("create table stock.item (sku text primary key, quantity integer not null)");
  await database.sql.query("insert into stock.item values ('margherita', 250)");
  const orders = Array.from({ length: 300 }, () => engine.send(take, { sku: "margherita", quantity: 1 }));
  const states = (await Promise.all(orders)).map(({ state }) => state);
  const count = (wanted: string): number => states.filter((state) => state === wanted).length;
  console.log(
    `${states.length} orders, ${statements} statement: ${count("TAKEN")} taken, ${count("REFUSED")} refused`,
  );
}
