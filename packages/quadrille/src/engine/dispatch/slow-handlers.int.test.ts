// Slow `transact` handlers in many lanes leave connections for what else the process does.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { systemAmbient } from "../../ambient/system.ts";
import { choreography } from "../../contract/choreography.ts";
import { service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command } from "../../contract/trigger.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import { startEngine } from "../engine.ts";

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

describe("transact handlers that are slow in every lane", () => {
  let fresh: FreshDatabase;
  beforeAll(async () => void (fresh = await freshDatabase()));
  afterAll(() => fresh.drop());

  it("leave a connection for the other participants, and all come to their turn", async () => {
    const errors: string[] = [];
    await using database = await postgresDatabase({ url: fresh.url, connectionsMax: 4 });
    await using engine = await startEngine({
      choreography: writing,
      services: [
        service(slow, {
          handlers: {
            EMPTY: {
              write: {
                transact: async ({ choose }, tx) => {
                  await tx.query("select pg_sleep(0.3)");
                  return choose();
                },
              },
            },
          },
        }),
        service(quick),
      ],
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
