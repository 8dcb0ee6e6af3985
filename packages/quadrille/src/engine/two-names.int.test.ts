// Participants whose names differ in style only have tables of their own, on every store.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { freshPglite } from "../../../../test/pglite.ts";
import { soon } from "../../../../test/soon.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import type { Database } from "../store/database.ts";
import { startEngine } from "./engine.ts";

const go = command("go");
const Went = event("Went");

describe.each(["memory", "PGlite", "PostgreSQL"])("two names that differ in style on %s", (where) => {
  let fresh: FreshDatabase | undefined;
  let database: Database;

  beforeAll(async () => {
    fresh = where === "PostgreSQL" ? await freshDatabase() : undefined;
    if (fresh !== undefined) database = await postgresDatabase({ url: fresh.url });
    else database = where === "PGlite" ? await freshPglite() : memoryDatabase();
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh?.drop();
  });

  it.each([
    ["OrderLine", "order_line"],
    ["Order", "ORDER"],
    ["orderList", "order list"],
  ] as const)("%s and %s do all of their work", async (orders, parcels) => {
    const states = { none: [on(go, to("done").emits(Went))], done: [] };
    const first = participant(orders, { entity: "Order", initial: "none", states });
    const second = participant(parcels, {
      entity: "Parcel",
      initial: "none",
      states: { none: [on(Went, to("done"))], done: [] },
    });
    const both = choreography(`${orders} and ${parcels}`, { participants: [first, second], ends: {} });
    const services = [service(first), service(second)];
    await using engine = await startEngine({ choreography: both, services, database });
    for (let saga = 0; saga < 20; saga += 1) await engine.send(go, { sagaId: `s${saga}` });
    await engine.idle({ signal: soon() });
    expect(engine.status().map(({ reactions, parked }) => [reactions, parked.dead])).toEqual([
      [20, 0],
      [20, 0],
    ]);
    const census = [orders, parcels].map(async (name) => (await database.inspect({ name })).census());
    expect(await Promise.all(census)).toEqual([new Map([["done", 20]]), new Map([["done", 20]])]);
  });
});
