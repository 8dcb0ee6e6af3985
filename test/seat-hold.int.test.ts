// Entities that sagas share, on every store: keyed by events and commands alike, and acting for the saga that
// has them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soon } from "./soon.ts";
import { cinemaWithHold } from "../docs/examples/seat-hold.ts";
import { type FreshDatabase, freshDatabase } from "./postgres.ts";
import { check } from "../packages/quadrille/src/check/check.ts";
import { toJson } from "../packages/quadrille/src/contract/json/to-json.ts";
import { openOperations } from "../packages/quadrille/src/operations/operations.ts";
import { memoryDatabase } from "../packages/quadrille/src/store/memory/memory-database.ts";
import { freshPglite } from "./pglite.ts";
import { postgresDatabase } from "../packages/quadrille/src/store/postgres/postgres-database.ts";
import type { Database } from "../packages/quadrille/src/store/database.ts";
import { startEngine } from "../packages/quadrille/src/engine/engine.ts";

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const { choreography, services, want, block } = cinemaWithHold("40ms");

describe("a seat that bookings share", () => {
  it.each([{}, { sagas: 3 }, { reduce: "always" }] as const)("is sound, checked with %j", (options) => {
    const { findings, bound } = check(toJson(choreography), options);
    expect(bound).toMatchObject({ sagas: 2, ...options, shared: ["Seat"] });
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe.each([
  ["memory", async (): Promise<Database> => memoryDatabase()],
  ["PGlite", () => freshPglite()],
  ["PostgreSQL", () => postgresDatabase({ url: fresh.url })],
] as const)("a seat that bookings share, on %s", (_, open) => {
  it("is held for one booking after another, and its hold runs out for the one that has it", async () => {
    await using database = await open();
    await using engine = await startEngine({ choreography, services, database, limits: { pollMs: 10 } });
    for (const sagaId of ["A", "B", "C"]) {
      await engine.send(want, { seat: "12F" }, { sagaId });
      expect(await engine.saga(sagaId).ended({ signal: soon() })).toMatchObject({
        end: "expired",
        states: { Booking: "EXPIRED", Seat: "FREE" },
      });
    }
    const operations = await openOperations({ choreography, database });
    expect(await operations.parked({ limit: 10 })).toEqual([]);
    for (const sagaId of ["A", "B", "C"]) {
      const report = await operations.saga(sagaId);
      expect(report).toMatchObject({
        end: "expired",
        states: { Booking: "EXPIRED", Seat: "FREE" },
        expected: [],
      });
      expect(report?.timeline.map(({ trigger }) => trigger)).toEqual([
        "want",
        "SeatWanted",
        "SeatHeld",
        "holdEnds",
        "HoldExpired",
      ]);
    }
  });

  it("is bought by the booking that has the hold", async () => {
    const { buy, ...bought } = cinemaWithHold("1h");
    await using database = await open();
    await using engine = await startEngine({
      choreography: bought.choreography,
      services: bought.services,
      database,
      limits: { pollMs: 10 },
    });
    await engine.send(bought.want, { seat: "3C" }, { sagaId: "has it" });
    await engine.send(bought.want, { seat: "3C" }, { sagaId: "comes late" });
    expect(await engine.saga("comes late").ended({ signal: soon() })).toMatchObject({ end: "refused" });
    await engine.send(buy, { sagaId: "has it" });
    expect(await engine.saga("has it").ended({ signal: soon() })).toMatchObject({
      end: "bought",
      states: { Booking: "BOUGHT", Seat: "SOLD" },
    });
  });

  it("is found by the key in a command's payload, and shown as the booking left it", async () => {
    await using database = await open();
    await using engine = await startEngine({ choreography, services, database, limits: { pollMs: 10 } });
    const blocked = await engine.send(block, { seat: "1A" });
    expect(blocked).toMatchObject({ status: "accepted", key: "1A", state: "BLOCKED" });
    expect(await engine.send(block, { seat: "1A" })).toMatchObject({ status: "refused", key: "1A" });
    await engine.send(want, { seat: "1A" }, { sagaId: "late" });
    expect(await engine.saga("late").ended({ signal: soon() })).toMatchObject({
      end: "refused",
      states: { Booking: "REFUSED", Seat: "BLOCKED" },
    });
    const operations = await openOperations({ choreography, database });
    const listed = await operations.sagas({ limit: 10 });
    expect(listed.find(({ sagaId }) => sagaId === "late")?.states).toEqual({
      Booking: "REFUSED",
      Seat: "BLOCKED",
    });
    expect(listed.find(({ sagaId }) => sagaId === blocked.sagaId)?.states).toEqual({
      Booking: "none",
      Seat: "BLOCKED",
    });
    await expect(engine.send(block, { seat: "" })).rejects.toMatchObject({ code: "Q_PAYLOAD_INVALID" });
  });
});
