// A saga over three processes on PostgreSQL: each step wakes the next, and a waiting caller gets the end at
// once. And what a process at rest asks of its server.
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../test/postgres.ts";
import { tcpProxy, through } from "../../../../test/tcp-proxy.ts";
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
  states: {
    none: [on(ask, to("ASKING").emits(Asked))],
    ASKING: lock([on(Answered, to("KNOWS"))]),
    KNOWS: [],
  },
});
const clerk = participant("Clerk", {
  entity: "Form",
  initial: "none",
  states: { none: [on(Asked, to("FILED").emits(Passed))], FILED: [] },
});
const sage = participant("Sage", {
  entity: "Answer",
  initial: "none",
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

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

/** An engine for each participant, on a database for each, as a process has its own. */
async function startThree(opened: AsyncDisposableStack, url: string, pollMs?: number): Promise<Engine[]> {
  const engines: Engine[] = [];
  for (const one of services) {
    const database = opened.use(await postgresDatabase({ url, connectionsMax: 3 }));
    const limits = pollMs === undefined ? {} : { pollMs };
    engines.push(opened.use(await startEngine({ choreography: asking, services: [one], database, limits })));
  }
  // Their connections for notices open in the background.
  await pause(300);
  return engines;
}

describe("three processes, one participant each", () => {
  it("hear of a saga's end within 50 ms, also where none of its participants runs last", async () => {
    await using opened = new AsyncDisposableStack();
    // None of them looks for itself while the test lasts: what they hear of, they were told.
    const [first, second] = (await startThree(opened, fresh.url, 600_000)) as [Engine, Engine];
    const client = new Client({ connectionString: fresh.url });
    await client.connect();
    const late: number[] = [];
    for (let nth = 0; nth < 9; nth += 1) {
      const { sagaId } = await first.send(ask);
      const heard = [first, second].map(async (engine) => {
        expect(await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(60_000) })).toMatchObject({
          end: "answered",
        });
        return Date.now();
      });
      const at = await Promise.all(heard);
      const text = "select time from asker.journal where saga_id = $1 order by position desc limit 1";
      const { rows } = await client.query<{ time: string }>(text, [sagaId]);
      late.push(...at.map((time) => time - Number(rows[0]?.time)));
    }
    await client.end();
    // The quickest: on a busy machine everybody waits for a turn.
    expect(Math.min(...late)).toBeLessThan(50);
  });

  it("ask their server less than five times a second while nothing happens", async () => {
    await using opened = new AsyncDisposableStack();
    const proxy = opened.use(await tcpProxy(Number(new URL(fresh.url).port)));
    const engines = await startThree(opened, through(fresh.url, proxy));
    await pause(700);
    const [before, begun] = [proxy.answers, performance.now()];
    await pause(2_500);
    const perSecond = (proxy.answers - before) / ((performance.now() - begun) / 1_000) / engines.length;
    expect(perSecond).toBeGreaterThan(0);
    expect(perSecond).toBeLessThan(5);
  });
});
