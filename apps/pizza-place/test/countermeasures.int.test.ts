// The six countermeasures against missing isolation, each on a real PostgreSQL: what another saga or another
// program could do meanwhile is done, and it is seen that it does no harm. The page docs/guide/isolation.md
// describes them.
import { type Ambient, type Database, type Engine, startEngine } from "quadrille";
import { openOperations } from "quadrille/operations";
import { postgresDatabase } from "quadrille/postgres";
import { virtualAmbient } from "quadrille/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freshDatabase } from "../../../test/postgres.ts";
import { soon } from "../../../test/soon.ts";
import { choreographyOf, servicesOf } from "../src/composition/contracts.ts";
import { consumerMigrations } from "../src/consumer/tables.ts";
import type { ContractName } from "../src/shared/contract-name.ts";
import { migrate } from "../src/database/migrate.ts";
import type { Sql } from "../src/database/sql.ts";
import { acceptTicket } from "../src/kitchen/contract.ts";
import {
  approveOrder,
  cancelOrder,
  createOrder,
  declineOrder,
  OrderData,
  reviseOrder,
} from "../src/order/contract.ts";
import type { PaymentProvider } from "../src/payment-provider/provider.ts";
import { known, pizzas, request } from "./life-world.ts";

/** A contract on a database of its own; its participants run in as many engines as a test wants. */
class Place implements AsyncDisposable {
  readonly sql: Sql;
  /** The orders that the provider was asked for. */
  readonly asked: string[] = [];
  readonly #contract: ContractName;
  readonly #database: Database;
  readonly #drop: () => Promise<void>;
  readonly #engines = new Set<Engine>();
  #held: Promise<void> | undefined;

  private constructor(
    contract: ContractName,
    database: Database,
    of: { readonly sql: Sql; readonly drop: () => Promise<void> },
  ) {
    this.#contract = contract;
    this.#database = database;
    this.sql = of.sql;
    this.#drop = of.drop;
  }

  static async open(contract: ContractName): Promise<Place> {
    const { url, drop } = await freshDatabase();
    const database = await postgresDatabase({ url });
    const { sql } = database;
    await database.open({ name: "Order", lanes: 1 });
    const place = new Place(contract, database, { sql, drop });
    await place.#makeAccounts();
    return place;
  }

  async #makeAccounts(): Promise<void> {
    await migrate(this.sql, consumerMigrations);
    await this.sql.query(
      "insert into consumer.account (consumer_id, limit_cents, blocked, card_id, credit_cents) values ('consumer-1', 10000, false, 'card-1', 10000)",
    );
  }

  /** Starts the participants, or some of them. */
  async start(names?: readonly string[], ambient?: Ambient): Promise<Engine> {
    const provider: PaymentProvider = {
      authorize: async ({ key, reference }) => {
        this.asked.push(reference);
        await this.#held;
        return { answer: "authorized", authorizationId: `auth-${key}` };
      },
    };
    const engine = await startEngine({
      choreography: choreographyOf(this.#contract),
      services: servicesOf(this.#contract, { ...known, provider }).filter(
        ({ participant }) => names?.includes(participant.name) ?? true,
      ),
      database: this.#database,
      limits: { backoffMs: 20, backoffMsMax: 50, attemptsMax: 1_000 },
      ...(ambient === undefined ? {} : { ambient }),
    });
    this.#engines.add(engine);
    return engine;
  }

  async stop(engine: Engine): Promise<void> {
    this.#engines.delete(engine);
    await engine.drain();
  }

  /** Makes the provider wait until the returned function is called. */
  holdProvider(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    return () => {
      this.#held = undefined;
      resolve();
    };
  }

  async states(sagaId: string): Promise<Readonly<Record<string, string>>> {
    const operations = await openOperations({
      choreography: choreographyOf(this.#contract),
      database: this.#database,
    });
    return (await operations.saga(sagaId))?.states ?? {};
  }

  async parked(name: string) {
    return await (await this.#database.open({ name, lanes: 1 })).parked({ limit: 10 });
  }

  async order(sagaId: string): Promise<OrderData> {
    const store = await this.#database.open({ name: "Order", lanes: 1 });
    return OrderData.parse((await store.load([sagaId])).get(sagaId)?.data);
  }

  /** What the consumer's open orders cost together. */
  async openCents(): Promise<number> {
    const { rows } = await this.sql.query("select open_cents::int as open_cents from consumer.account");
    return Number(rows[0]?.["open_cents"]);
  }

  async stopAll(): Promise<void> {
    for (const engine of this.#engines) await this.stop(engine);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAll();
    await this.#database[Symbol.asyncDispose]();
    await this.#drop();
  }
}

const endOf = async (engine: Engine, sagaId: string) =>
  (await engine.saga(sagaId).ended({ signal: soon() }))?.end;
const place = async (engine: Engine, quantity = 2) =>
  (await engine.send(createOrder, { ...request, ...pizzas(quantity) })).sagaId;
const others = ["Order", "Consumer", "Kitchen"];

describe("the published life", () => {
  let shop: Place;
  beforeAll(async () => {
    shop = await Place.open("life");
  });
  afterEach(async () => {
    await shop.stopAll();
  });
  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  it("semantic lock: a command that meets a request that is not settled is refused, and nothing is lost", async () => {
    const engine = await shop.start(others);
    const accounting = await shop.start(["Accounting"]);
    const sagaId = await place(engine);
    expect(await endOf(engine, sagaId)).toBe("approved");

    await shop.stop(accounting);
    await engine.send(cancelOrder, { sagaId });
    await expect
      .poll(() => shop.states(sagaId))
      .toMatchObject({
        Order: "CANCEL_PENDING",
        Kitchen: "CANCEL_PENDING.A",
      });
    const refused = { status: "refused", heldBy: "lock" };
    expect(await engine.send(reviseOrder, { ...pizzas(3), basedOn: 0 }, { sagaId })).toMatchObject({
      ...refused,
      state: "CANCEL_PENDING",
    });
    expect(await engine.send(cancelOrder, { sagaId })).toMatchObject(refused);
    expect(await engine.send(acceptTicket, { sagaId })).toMatchObject({
      ...refused,
      state: "CANCEL_PENDING.A",
    });
    await shop.start(["Accounting"]);
    expect(await endOf(engine, sagaId)).toBe("cancelled");
  });

  it("semantic lock: a partner's request that meets one is not lost: it is taken when the lock is left", async () => {
    const quick = await shop.start(["Order", "Consumer", "Accounting"]);
    const kitchen = await shop.start(["Kitchen"]);
    const release = shop.holdProvider();
    const sagaId = await place(quick);
    await expect.poll(() => shop.asked).toContain(sagaId);
    await shop.stop(kitchen);
    release();
    await expect
      .poll(() => shop.states(sagaId))
      .toMatchObject({ Order: "APPROVED", Kitchen: "CREATE_PENDING" });
    await quick.send(cancelOrder, { sagaId });
    const again = await shop.start(["Kitchen"]);
    expect(await endOf(again, sagaId)).toBe("cancelled");
  });

  it("reread value: an order that was changed meanwhile is not approved for another amount", async () => {
    const engine = await shop.start();
    const release = shop.holdProvider();
    const sagaId = await place(engine);
    await expect.poll(() => shop.asked).toContain(sagaId);
    const setTotal = (total: number) =>
      shop.sql.query(
        `update "order".entity set version = version + 1,
           data = jsonb_set(data::jsonb, '{details,total}', to_jsonb($2::int))::json where key = $1`,
        [sagaId, total],
      );
    await setTotal(1);
    release();
    await expect
      .poll(async () => (await shop.parked("Order"))[0]?.error?.message)
      .toBe(`Order ${sagaId} costs 1 cents, and 2000 cents are authorized`);
    expect(await shop.states(sagaId)).toMatchObject({ Order: "APPROVAL_PENDING" });
    await setTotal(20_00);
    await shop.stop(engine);
    expect(await endOf(await shop.start(), sagaId)).toBe("approved");
  });
});

describe("the careful life", () => {
  let shop: Place;
  beforeAll(async () => {
    shop = await Place.open("careful");
  });
  afterEach(async () => {
    await shop.stopAll();
  });
  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  it("commutative update: orders at once debit and credit one account, and its credit is never exceeded", async () => {
    const engine = await shop.start();
    const placed = await Promise.all(Array.from({ length: 12 }, () => place(engine)));
    const ends = await Promise.all(placed.map((sagaId) => endOf(engine, sagaId)));
    const approved = placed.filter((_, index) => ends[index] === "approved");
    expect(approved).toHaveLength(5);
    expect(await shop.openCents()).toBe(5 * 20_00);
    const [rejected = ""] = placed.filter((sagaId) => !approved.includes(sagaId));
    expect((await shop.order(rejected)).reason).toBe("above the consumer's credit");

    const [revised = "", ...cancelled] = approved;
    await Promise.all([
      engine.send(reviseOrder, { ...pizzas(1), basedOn: 0 }, { sagaId: revised }),
      ...cancelled.map((sagaId) => engine.send(cancelOrder, { sagaId })),
    ]);
    await Promise.all(approved.map((sagaId) => endOf(engine, sagaId)));
    await expect.poll(() => shop.openCents()).toBe(10_00);
    await engine.send(cancelOrder, { sagaId: revised });
    await endOf(engine, revised);
    await expect.poll(() => shop.openCents()).toBe(0);
  });

  it("pessimistic view: credit is free in a cancel's last step only, which is repeated until it succeeds", async () => {
    const engine = await shop.start(others);
    const accounting = await shop.start(["Accounting"]);
    await shop.sql.query("update consumer.account set credit_cents = 4000");
    const sagaId = await place(engine, 4);
    expect(await endOf(engine, sagaId)).toBe("approved");

    await shop.stop(accounting);
    await engine.send(cancelOrder, { sagaId });
    await expect.poll(() => shop.states(sagaId)).toMatchObject({ Kitchen: "CANCEL_PENDING.A" });
    const early = await place(engine);
    await expect.poll(() => shop.states(early)).toMatchObject({ Order: "REJECTED", Consumer: "REFUSED" });

    await shop.sql.query("alter table consumer.account rename column open_cents to away");
    await shop.start(["Accounting"]);
    await expect
      .poll(() => shop.parked("Consumer"))
      .toMatchObject([{ trigger: "OrderCancelled", reason: "retrying" }]);
    expect(await shop.states(sagaId)).toMatchObject({ Order: "CANCELLED", Accounting: "REVERSED" });
    await shop.sql.query("alter table consumer.account rename column away to open_cents");
    expect(await endOf(engine, sagaId)).toBe("cancelled");
    expect(await shop.openCents()).toBe(0);
    const later = await place(engine, 4);
    expect(await endOf(engine, later)).toBe("approved");
    await engine.send(cancelOrder, { sagaId: later });
    expect(await endOf(engine, later)).toBe("cancelled");
    await shop.sql.query("update consumer.account set credit_cents = 10000");
  });

  it("by value: a large order waits for a person before the partners hear of it and the card is touched", async () => {
    const engine = await shop.start();
    const [usual, approved, declined] = [
      await place(engine, 6),
      await place(engine, 7),
      await place(engine, 8),
    ];
    expect(await endOf(engine, usual)).toBe("approved");
    await engine.send(cancelOrder, { sagaId: usual });
    expect(await endOf(engine, usual)).toBe("cancelled");
    for (const sagaId of [approved, declined]) expect(await endOf(engine, sagaId)).toBe("waiting");
    expect(await shop.states(approved)).toEqual({
      Order: "AWAITING_APPROVAL",
      Consumer: "NONE",
      Kitchen: "ABSENT",
      Accounting: "ABSENT",
    });

    await engine.send(declineOrder, { sagaId: declined });
    expect(await endOf(engine, declined)).toBe("declined");
    await engine.send(approveOrder, { sagaId: approved });
    expect(await endOf(engine, approved)).toBe("approved");
    expect((await shop.order(declined)).reason).toBe("approval denied");
    expect(shop.asked).toContain(approved);
    expect(shop.asked).not.toContain(declined);
  });
});

describe("the life with a deadline", () => {
  let shop: Place;
  beforeAll(async () => {
    shop = await Place.open("deadline");
  });
  afterEach(async () => {
    await shop.stopAll();
  });
  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  it("version file: a rejection that comes before the authorization is kept, and wins", async () => {
    const ambient = virtualAmbient();
    const engine = await shop.start(undefined, ambient);
    const release = shop.holdProvider();
    const sagaId = await place(engine);
    await expect.poll(() => shop.states(sagaId)).toMatchObject({ Accounting: "AUTHORIZING" });
    await expect
      .poll(async () => {
        ambient.advance(60_000);
        const parked = await shop.parked("Accounting");
        return parked.find(({ trigger }) => trigger === "OrderRejected")?.reason;
      })
      .toBe("deferred");
    expect(await shop.states(sagaId)).toMatchObject({ Order: "REJECTED", Accounting: "AUTHORIZING" });
    expect((await shop.order(sagaId)).reason).toBe("not approved in time");
    release();
    await expect
      .poll(async () => {
        ambient.advance(1_000);
        return await shop.states(sagaId);
      })
      .toMatchObject({ Order: "REJECTED", Kitchen: "REJECTED", Accounting: "REVERSED" });
    expect(await endOf(engine, sagaId)).toBe("rejected");
  });
});
