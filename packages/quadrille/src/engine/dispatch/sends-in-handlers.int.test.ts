// A handler that sends a command from within its transaction: where it would wait for itself it is refused at
// once, and elsewhere it is not.
import { afterEach, describe, expect, it } from "vitest";
import { freshPglite } from "../../../../../test/pglite.ts";
import { type FreshDatabase, freshDatabase } from "../../../../../test/postgres.ts";
import { systemAmbient } from "../../ambient/system.ts";
import { choreography } from "../../contract/choreography.ts";
import { service, type Service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { on } from "../../contract/reaction.ts";
import { command, event } from "../../contract/trigger.ts";
import type { Database } from "../../store/database.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import { postgresDatabase } from "../../store/postgres/postgres-database.ts";
import type { Engine, EngineParts } from "../message/api.ts";
import { startEngine } from "../engine.ts";

const ask = command("ask");
const remark = command("remark");
const Asked = event("Asked");
const desk = participant("Desk", {
  entity: "Question",
  initial: "none",
  states: { none: [on(ask, to("ASKED").emits(Asked))], ASKED: [] },
});
const clerk = participant("Clerk", {
  entity: "Answer",
  initial: "none",
  states: { none: [on(Asked, to("READ"))], READ: [] },
});
const log = participant("Log", {
  entity: "Line",
  initial: "none",
  states: { none: [on(remark, to("NOTED"))], NOTED: [] },
});
const asking = choreography("Asking", {
  participants: [desk, clerk, log],
  ends: { read: { Desk: "ASKED", Clerk: "READ" } },
});

const limits = { transactMsMax: 5_000, attemptsMax: 2, backoffMs: 20 };
const ambient = systemAmbient(() => undefined);
let toClose: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of toClose.toReversed()) await one[Symbol.asyncDispose]();
  toClose = [];
});
function closed<T extends AsyncDisposable>(one: T): T {
  toClose.push(one);
  return one;
}

async function start(database: Database, services: EngineParts["services"]): Promise<Engine> {
  return closed(await startEngine({ choreography: asking, services, database, ambient, limits }));
}

/** Starts an engine on the database whose handler of a command, or of its event, calls `send`. */
function startSending(
  database: Database,
  from: "Desk" | "Clerk",
  send: () => Promise<unknown>,
): Promise<Engine> {
  return start(database, sending(from, send));
}

/** The services, of which one calls `send`. */
function sending(from: "Desk" | "Clerk", send: () => Promise<unknown>, logging = service(log)): Service[] {
  const sends = async (who: string): Promise<void> => void (who === from && (await send()));
  return [
    service(desk, {
      handlers: {
        none: { ask: { transact: async ({ choose }) => sends("Desk").then(() => choose()) } },
      },
    }),
    service(clerk, {
      handlers: {
        none: { Asked: { transact: async ({ choose }) => sends("Clerk").then(() => choose()) } },
      },
    }),
    logging,
  ];
}

async function postgres(connectionsMax: number): Promise<Database> {
  const fresh: FreshDatabase = await freshDatabase();
  closed({ [Symbol.asyncDispose]: () => fresh.drop() });
  return postgresDatabase({ url: fresh.url, connectionsMax });
}

describe.each([
  ["PGlite", () => freshPglite()],
  ["PostgreSQL with one connection", () => postgres(1)],
] as const)("on %s, a handler that sends to another participant", (_, open) => {
  it("is refused at once", async () => {
    const database = closed(await open());
    let sent = 0;
    const engine = await startSending(database, "Desk", () => {
      sent += 1;
      return engine.send(remark, { sagaId: `r${sent}` });
    });
    await expect(engine.send(ask, { sagaId: "s" })).rejects.toMatchObject({ code: "Q_SEND_IN_HANDLER" });
    await engine.idle({ signal: AbortSignal.timeout(10_000) });
    expect(sent).toBe(1);
    expect(await (await database.inspect({ name: "Log" })).census()).toEqual(new Map());
  });

  it("is refused so for an event too, which is dead then", async () => {
    const database = closed(await open());
    const engine = await startSending(database, "Clerk", () => engine.send(remark, { sagaId: "r" }));
    await engine.send(ask, { sagaId: "s" });
    const clerks = await database.inspect({ name: "Clerk" });
    await expect
      .poll(() => clerks.parked({ limit: 9 }), { timeout: 10_000 })
      .toMatchObject([{ reason: "dead", error: { code: "Q_SEND_IN_HANDLER" } }]);
    expect(await (await database.inspect({ name: "Log" })).census()).toEqual(new Map());
  });

  it("is not refused where that one is in another database", async () => {
    const far = await start(closed(memoryDatabase()), [service(desk), service(clerk), service(log)]);
    const near = await startSending(closed(await open()), "Desk", () => far.send(ask, { sagaId: "far" }));
    expect(await near.send(ask, { sagaId: "s" })).toMatchObject({ status: "accepted" });
    // The first one has taken effect.
    expect(await far.send(ask, { sagaId: "far" })).toMatchObject({ status: "refused" });
  });
});

describe("on PostgreSQL with several connections, a handler that sends to another participant", () => {
  it("is not refused where that one has no transact handlers", async () => {
    const engine = await startSending(closed(await postgres(3)), "Desk", () =>
      engine.send(remark, { sagaId: "r" }),
    );
    expect(await engine.send(ask, { sagaId: "s" })).toMatchObject({ status: "accepted" });
  });

  it.each([
    ["that one has them", (engine: Engine) => engine.send(remark, { sagaId: "r" })],
    ["it is its own, in another lane", (engine: Engine) => engine.send(ask, { sagaId: "another" })],
  ])("is refused at once where %s", async (_, send) => {
    const logging = service(log, {
      handlers: { none: { remark: { transact: async ({ choose }) => choose() } } },
    });
    const services = sending("Desk", () => send(engine), logging);
    const engine: Engine = await start(closed(await postgres(3)), services);
    await expect(engine.send(ask, { sagaId: "s" })).rejects.toMatchObject({ code: "Q_SEND_IN_HANDLER" });
  });
});
