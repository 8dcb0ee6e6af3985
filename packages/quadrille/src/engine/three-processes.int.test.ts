// A saga over three processes on PostgreSQL: each step wakes the next, and a waiting caller gets the end at
// once. And what a process at rest asks of its server.
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase, owners } from "../../../../test/postgres.ts";
import { answersPerSecond, tcpProxy, through } from "../../../../test/tcp-proxy.ts";
import { usuallyWithin, soon } from "../../../../test/soon.ts";
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
  await expect.poll(() => owners(url)).toBe(engines.length);
  return engines;
}

describe("three processes, one participant each", () => {
  it("hear of a saga's end within 50 ms, also where none of its participants runs last", async () => {
    await using opened = new AsyncDisposableStack();
    // They poll so rarely that what they know, they know from notices.
    const [first, second] = (await startThree(opened, fresh.url, 10_000)) as [Engine, Engine];
    const client = new Client({ connectionString: fresh.url });
    await client.connect();
    await usuallyWithin(50, async () => {
      const { sagaId } = await first.send(ask);
      const heard = [first, second].map(async (engine) => {
        expect(await engine.saga(sagaId).ended({ signal: soon() })).toMatchObject({ end: "answered" });
        return Date.now();
      });
      const at = await Promise.all(heard);
      const text = "select time from asker.journal where saga_id = $1 order by position desc limit 1";
      const { rows } = await client.query<{ time: string }>(text, [sagaId]);
      return Math.max(...at) - Number(rows[0]?.time);
    });
    await client.end();
  });

  it("ask their server less than five times a second while nothing happens", async () => {
    await using opened = new AsyncDisposableStack();
    const proxy = opened.use(await tcpProxy(Number(new URL(fresh.url).port)));
    const engines = await startThree(opened, through(fresh.url, proxy));
    // Until they rest: for a while they look who else is there.
    await expect.poll(() => answersPerSecond(proxy)).toBeLessThan(5 * engines.length);
    const before = proxy.answers;
    await expect.poll(() => proxy.answers).toBeGreaterThan(before);
  });
});
