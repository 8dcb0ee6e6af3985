// Batches are limited by bytes as well as by messages: what they take in, and what they put out.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { soon } from "../../../../test/soon.ts";
import { World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import type { Database } from "../store/database.ts";
import type { Flush } from "../store/store.ts";

const Scan = z.object({ text: z.string() });
const scan = command("scan", z.object({ pages: z.number() }));
const Scanned = event("Scanned", Scan);

const scanner = participant("scanner", {
  entity: "Scanner",
  data: Scan,
  initial: "IDLE",
  states: { IDLE: [on(scan, to("DONE").emits(Scanned))], DONE: [] },
});
const archive = participant("archive", {
  entity: "Shelf",
  data: Scan,
  initial: "EMPTY",
  states: { EMPTY: [on(Scanned, to("FULL"))], FULL: [] },
});
const scanning = choreography("Scanning", {
  participants: [scanner, archive],
  ends: { kept: { scanner: "DONE", archive: "FULL" } },
});
const page = "x".repeat(1_000);
const services = [
  service(scanner, {
    handlers: {
      IDLE: {
        scan: ({ payload: { pages }, choose }) =>
          choose({ Scanned: { text: page.repeat(pages) } }, { data: { text: "" } }),
      },
    },
  }),
  service(archive, {
    handlers: { EMPTY: { Scanned: ({ payload: { text }, choose }) => choose({ data: { text } }) } },
  }),
];

/** Notes the bytes of each participant's flushes in a round: one statement writes them. */
function measured(database: Database): { readonly database: Database; readonly bytes: number[] } {
  const bytes: number[] = [];
  const sizeOf = ({ created, journal, parked }: Flush): number =>
    JSON.stringify([created, journal, parked]).length;
  return {
    bytes,
    database: {
      ...database,
      flush: (round) => {
        const sizes = [...round.values()].map((flushes) => flushes.map(sizeOf));
        bytes.push(...sizes.map((each) => each.reduce((sum, size) => sum + size, 0)));
        return database.flush(round);
      },
    },
  };
}

describe("a batch", () => {
  it.each([1, 16])(
    "puts out no more than twice the limit, but for a single message, in %i lanes",
    async (lanes) => {
      const { database, bytes } = measured(memoryDatabase());
      await using here = new World({
        choreography: scanning,
        services,
        database,
        lanes,
        limits: { batchBytesMax: 20_000 },
      });
      const engine = await here.start();
      const sagas = Array.from({ length: 60 }, (_, n) =>
        engine.send(scan, { pages: n === 30 ? 100 : 5 }, { sagaId: `scan ${n}` }),
      );
      await here.pass(10_000);
      await Promise.all(sagas);
      expect(await (await here.store("archive")).census()).toEqual(new Map([["FULL", 60]]));
      const largest = bytes.toSorted((a, b) => b - a);
      expect(largest[0]).toBeLessThan(130_000);
      expect(largest[2]).toBeLessThan(60_000);
      expect(await here.audit()).toEqual([]);
    },
  );

  it("takes a backlog in pieces", async () => {
    const { database, bytes } = measured(memoryDatabase());
    await using here = new World({
      choreography: scanning,
      services,
      database,
      limits: { batchBytesMax: 20_000 },
    });
    const first = await here.start({ services: services.slice(0, 1) });
    await Promise.all([
      ...Array.from({ length: 60 }, () => first.send(scan, { pages: 5 })),
      here.pass(10_000),
    ]);
    await here.stop(first);
    bytes.length = 0;
    const second = await here.start();
    await here.pass(10_000);
    await second.idle({ signal: soon() });
    expect(await (await here.store("archive")).census()).toEqual(new Map([["FULL", 60]]));
    expect(Math.max(...bytes)).toBeLessThan(30_000);
  });

  it("is not waited for by more bytes of commands than the limit says", async () => {
    await using here = new World({
      choreography: scanning,
      services,
      limits: { commandBytesWaitingMax: 100 },
    });
    const engine = await here.start();
    const sent = await Promise.allSettled(Array.from({ length: 20 }, () => engine.send(scan, { pages: 1 })));
    const refused = sent.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: "Q_OVERLOADED", retryable: true } });
    expect(await engine.send(scan, { pages: 1 })).toMatchObject({ status: "accepted" });
  });
});
