// Slow `transact` handlers in many lanes leave connections for what else the process does.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { systemAmbient } from "../../ambient/system.ts";
import { choreography } from "../../contract/choreography.ts";
import { service, type Service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command } from "../../contract/trigger.ts";
import { isQuadrilleError } from "../../errors.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import { startEngine } from "../engine.ts";
import { laneOf } from "../message/lane-of.ts";

const write = command("write");
const read = command("read");
const slow = participant("slow", {
  entity: "Sheet",
  initial: "EMPTY",
  states: { EMPTY: [on(write, to("WRITTEN"))], WRITTEN: [] },
});
const quick = participant("quick", {
  entity: "Reading",
  initial: "NONE",
  states: { NONE: [on(read, to("READ"))], READ: [] },
});
const writing = choreography("Writing", {
  participants: [slow, quick],
  ends: { written: { slow: "WRITTEN" }, read: { quick: "READ" } },
});

/** A participant whose handler sleeps in the database, and one without such handlers. */
function sleeping(seconds: number, onBegin: () => void = () => undefined): readonly Service[] {
  return [
    service(slow, {
      handlers: {
        EMPTY: {
          write: {
            transact: async ({ choose }, tx) => {
              onBegin();
              await tx.query("select pg_sleep($1)", [seconds]);
              return choose();
            },
          },
        },
      },
    }),
    service(quick),
  ];
}

describe("transact handlers that are slow in every lane", () => {
  let fresh: FreshDatabase;
  beforeAll(async () => void (fresh = await freshDatabase()));
  afterAll(() => fresh.drop());

  it("do not begin once the engine has stopped, and their commands are not said to be without effect", async () => {
    await using database = await postgresDatabase({ url: fresh.url, connectionsMax: 3, schemaPrefix: "s_" });
    let begun = 0;
    const engine = await startEngine({
      choreography: writing,
      services: sleeping(0.5, () => (begun += 1)),
      database,
      lanes: 16,
      limits: { stopMs: 100 },
      ambient: systemAmbient(() => undefined),
    });
    // One for each lane, and so for each transaction.
    const ids = Array.from({ length: 200 }, (_, nth) => `sheet ${nth}`);
    const sagaIds = [...Map.groupBy(ids, (id) => laneOf(id, 16)).values()].flatMap(([id = ""]) => id);
    const answers = Promise.allSettled(sagaIds.map((sagaId) => engine.send(write, { sagaId })));
    await expect.poll(() => begun).toBeGreaterThan(0);
    await engine[Symbol.asyncDispose]();
    const begunBefore = begun;
    const without = (await answers).flatMap((answer, nth) =>
      answer.status === "rejected" && isQuadrilleError(answer.reason) && answer.reason.code === "Q_STOPPING"
        ? [sagaIds[nth] ?? ""]
        : [],
    );
    await pause(2_000);
    expect(begun).toBe(begunBefore);
    const written = await (await database.inspect({ name: "slow" })).load(sagaIds);
    expect(without.filter((sagaId) => written.has(sagaId))).toEqual([]);
  });

  it("leave a connection for the other participants, and all come to their turn", async () => {
    const errors: string[] = [];
    await using database = await postgresDatabase({ url: fresh.url, connectionsMax: 4 });
    await using engine = await startEngine({
      choreography: writing,
      services: sleeping(0.3),
      database,
      lanes: 16,
      ambient: systemAmbient(({ level, message }) => void (level === "error" && errors.push(message))),
    });
    // Two at a time.
    const written = Promise.all(
      Array.from({ length: 16 }, (_, nth) => engine.send(write, { sagaId: `sheet ${nth}` })),
    );
    const waits: number[] = [];
    for (let nth = 0; nth < 5; nth += 1) {
      const began = performance.now();
      await engine.send(read);
      waits.push(performance.now() - began);
    }
    await written;
    expect(errors).toEqual([]);
    expect(Math.max(...waits)).toBeLessThan(600);
  });
});
