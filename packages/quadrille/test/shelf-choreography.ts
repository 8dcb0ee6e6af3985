// A shop whose stock keeps a table of its own, changed for many orders by one statement.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service, type Transaction } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { ignore, lock, on } from "../src/contract/reaction.ts";
import { command, type CommandType, event } from "../src/contract/trigger.ts";

/** An order: how many pieces, and what is to go wrong with it. */
export interface Wish {
  readonly quantity: number;
  readonly how: string;
}

const Wishing = z.object({ quantity: z.int(), how: z.string() });
const orderCommand = command("order", Wishing);
const addCommand = command("add", Wishing);
const Ordered = event("Ordered", Wishing);
const Reserved = event("Reserved", z.object({ quantity: z.int() }));
const SoldOut = event("SoldOut");

/** Orders pieces. */
export const order: CommandType<"order", Wish> = orderCommand;
/** Takes more pieces for a reservation. */
export const add: CommandType<"add", Wish> = addCommand;

const shop = participant("Shop", {
  entity: "Order",
  initial: "NONE",
  states: {
    NONE: [on(orderCommand, to("PENDING").emits(Ordered))],
    PENDING: lock([on(Reserved, to("CONFIRMED")), on(SoldOut, to("REJECTED"))]),
    CONFIRMED: [ignore(Reserved)],
    REJECTED: [],
  },
});
const stock = participant("Stock", {
  entity: "Reservation",
  data: z.object({ pieces: z.int() }),
  initial: "NONE",
  states: {
    NONE: [on(Ordered, { ok: to("RESERVED").emits(Reserved), no: to("REFUSED").emits(SoldOut) })],
    RESERVED: [on(addCommand, to("RESERVED").emits(Reserved))],
    REFUSED: [],
  },
});

/** The choreography. */
export const shelf: Choreography = choreography("Shelf", {
  participants: [shop, stock],
  ends: { sold: { Shop: "CONFIRMED", Stock: "RESERVED" }, soldOut: { Shop: "REJECTED", Stock: "REFUSED" } },
  commands: { add: "unbounded" },
});

/**
 * One row for each order that has pieces, as long as there are enough; `values` are the orders' ids and
 * quantities.
 */
export const takeStatement: string = `
  insert into public.taken (id, quantity)
  select id, quantity from (
    select id, quantity, sum(quantity) over (order by nr) as sum
    from unnest($1::text[], $2::int[]) with ordinality as wish (id, quantity, nr)
  ) as wish where sum <= 1000 - (select coalesce(sum(quantity), 0) from public.taken)
  on conflict (id) do update set quantity = taken.quantity + excluded.quantity
  returning id`;

/** What a handler of the stock was asked. */
export interface Asked {
  readonly ids: readonly string[];
}

/** What is to go wrong in a set, besides what `takeAll` does by itself. */
export type Deed = (tx: Transaction, hows: readonly string[]) => Promise<unknown> | void;

/** The services. Each set that the stock is asked for is noted in `asked`. */
export function shelfServices(asked: Asked[], deed: Deed = () => undefined): readonly Service[] {
  /** Which of the wishes have their pieces. Fails where one of them is to break the statement. */
  const takeAll = async (
    inputs: readonly { readonly payload: Wish; readonly entity: { readonly key: string } }[],
    tx: Transaction,
  ): Promise<ReadonlySet<unknown>> => {
    const ids = inputs.map(({ entity }) => entity.key);
    asked.push({ ids });
    await deed(
      tx,
      inputs.map(({ payload }) => payload.how),
    );
    const { rows } = await tx.query(takeStatement, [ids, inputs.map(({ payload }) => payload.quantity)]);
    if (inputs.some(({ payload }) => payload.how === "throws")) throw new Error("one of them is bad");
    return new Set(rows.map(({ id }) => id));
  };
  return [
    service(shop, {
      handlers: { NONE: { order: ({ payload, choose }) => choose({ Ordered: payload }) } },
    }),
    service(stock, {
      handlers: {
        NONE: {
          Ordered: {
            transactAll: async (orders, tx) => {
              const taken = await takeAll(orders, tx);
              const answers = orders.map(({ payload: { quantity, how }, entity, choose }) => {
                if (how === "error") return new Error("not this one");
                const pieces = how === "unfit" ? 0.5 : quantity;
                return taken.has(entity.key)
                  ? choose.ok({ Reserved: { quantity: pieces } }, { data: { pieces: quantity } })
                  : choose.no();
              });
              return orders.some(({ payload }) => payload.how === "too few") ? answers.slice(1) : answers;
            },
          },
        },
        RESERVED: {
          add: {
            transactAll: async (wishes, tx) => {
              await takeAll(wishes, tx);
              return wishes.map(({ payload: { quantity }, entity, choose }) =>
                choose({ Reserved: { quantity } }, { data: { pieces: entity.data.pieces + quantity } }),
              );
            },
          },
        },
      },
    }),
  ];
}
