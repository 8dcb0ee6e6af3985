// A saga over three processes on PostgreSQL: each step wakes the next, and whoever waits hears of the end at once. And what
// a process at rest asks of its server.
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { lock, on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import { postgresDatabase } from "../store/postgres/postgres-database.ts";
import type { Engine } from "./message/api.ts";
import { startEngine } from "./engine.ts";

const ask = command("ask");
const Asked = event("Asked");
const Passed = event("Passed");
const Answered = event("Answered");
const asker = participant("Asker", {
  entity: "Question",
  initial: "none",
  otherwise: "never",
  states: {
    none: [on(ask, to("ASKING").emits(Asked))],
    ASKING: lock([on(Answered, to("KNOWS"))]),
    KNOWS: [],
  },
});
const clerk = participant("Clerk", {
  entity: "Form",
  initial: "none",
  otherwise: "never",
  states: { none: [on(Asked, to("FILED").emits(Passed))], FILED: [] },
});
const sage = participant("Sage", {
  entity: "Answer",
  initial: "none",
  otherwise: "never",
  states: { none: [on(Passed, to("GIVEN").emits(Answered))], GIVEN: [] },
});
const asking = choreography("Asking", {
  participants: [asker, clerk, sage],
  ends: { answered: { Asker: "KNOWS", Clerk: "FILED", Sage: "GIVEN" } },
});
const services = [
  service(asker, { handlers: { none: { ask: ({ choose }) => choose() } } }),
  service(clerk, { handlers: {} }),
  service(sage, { handlers: {} }),
];

describe("three processes, one participant each", () => {
  let fresh: FreshDatabase;
  const opened = new AsyncDisposableStack();
  const engines: Engine[] = [];
  beforeAll(async () => {
    fresh = await freshDatabase();
    for (const one of services) {
      // A database for each, as a process has its own.
      const database = opened.use(await postgresDatabase({ url: fresh.url, connectionsMax: 3 }));
      engines.push(opened.use(await startEngine({ choreography: asking, services: [one], database })));
    }
    // Their connections for notices open in the background.
    await pause(300);
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    await fresh.drop();
  });

  it("hear of a saga's end within 50 ms, also where none of its participants runs last", async () => {
    const [first, second] = engines as [Engine, Engine];
    const client = new Client({ connectionString: fresh.url });
    await client.connect();
    const late: number[] = [];
    for (let nth = 0; nth < 9; nth += 1) {
      const { sagaId } = await first.send(ask, undefined);
      const heard = [first, second].map(async (engine) => {
        expect(await engine.ended(sagaId, AbortSignal.timeout(5_000))).toMatchObject({ end: "answered" });
        return Date.now();
      });
      const at = await Promise.all(heard);
      const text = "select time from asker.journal where saga_id = $1 order by position desc limit 1";
      const { rows } = await client.query<{ time: string }>(text, [sagaId]);
      late.push(...at.map((time) => time - Number(rows[0]?.time)));
    }
    await client.end();
    // The median: a busy machine stops everybody now and then.
    expect(late.toSorted((a, b) => a - b)[Math.floor(late.length / 2)]).toBeLessThan(50);
  });

  it("ask their server less than five times a second while nothing happens", async () => {
    const client = new Client({ connectionString: fresh.url });
    await client.connect();
    await pause(1_500);
    const before = await transactions(client);
    await pause(4_000);
    const perSecond = ((await transactions(client)) - before) / 4 / engines.length;
    await client.end();
    expect(perSecond).toBeGreaterThan(0);
    expect(perSecond).toBeLessThan(5);
  });
});

async function transactions(client: Client): Promise<number> {
  await client.query("select pg_stat_clear_snapshot()");
  const { rows } = await client.query<{ done: string }>(
    "select xact_commit + xact_rollback as done from pg_stat_database where datname = current_database()",
  );
  return Number(rows[0]?.done);
}
