// What one participant of a round must not do to the others, and what the others must not do to it.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { statusOf, World } from "../../test/engine-world.ts";
import { type Fault, faultyDatabase } from "../../test/faulty-database.ts";
import { answers as answering, asks, choreography as small } from "../../test/small-choreography.ts";
import { expectDone, ordersWorld, place } from "../../test/three-orders.ts";
import { ownTableDatabase } from "../../test/own-table-database.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command } from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import { scriptedServices } from "../testing/scripted.ts";

const lost = (what: string): QuadrilleError =>
  new QuadrilleError("Q_STORE_UNREACHABLE", what, { retryable: true });
const never = new AbortController().signal;
const ask = command("ask");

/** A asks B; the one asked answers, as far as the database lets them. */
function asking(): World {
  const made = fromJson(asks(answering));
  return new World({ choreography: made, services: scriptedServices(made, { choose: () => "" }) });
}

describe("a participant that cannot be read", () => {
  it("is the only one that says so", async () => {
    await using here = asking();
    let broken = true;
    const fault: Fault = async ({ participant: name, method }) => {
      if (broken && name === "B" && method === "load") throw lost("B is broken");
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    await engine.send(ask, { sagaId: "s" });
    await here.pass(10_000);
    expect(await here.states("s")).toEqual({ A: "waits" });
    expect(statusOf(engine, "B").trouble).toBe("B is broken");
    const lines = here.ambient.logged.map(({ participant: who, message }) => `${who}: ${message}`);
    expect(new Set(lines)).toEqual(new Set(["B: B is broken"]));
    broken = false;
    await here.pass(10_000);
    expect(await here.states("s")).toEqual({ A: "done", B: "t" });
  });
});

const write = command("write");
const desk = participant("Desk", {
  entity: "Sheet",
  initial: "none",
  states: { none: [on(write, to("WRITTEN"))], WRITTEN: [] },
});
const filing = choreography("Filing", { participants: [desk], ends: { written: { Desk: "WRITTEN" } } });

describe("a participant that cannot be written", () => {
  it.each([
    ["with the others of a round", service(desk)],
    [
      "in its handlers' transaction",
      service(desk, { handlers: { none: { write: { transact: async ({ choose }) => choose() } } } }),
    ],
  ])("says so once, and is well when it can be: %s", async (_, desks) => {
    const { database } = ownTableDatabase();
    await using here = new World({ choreography: filing, services: [desks], database });
    let tries = 0;
    let isBroken = true;
    const fault: Fault = async ({ method, phase }) => {
      if (phase === "after" || (method !== "flush" && method !== "transact")) return;
      tries += 1;
      if (isBroken) throw lost("the disk is broken");
    };
    const faulty = { ...faultyDatabase(database, fault), hasSql: true };
    const engine = await here.start({ database: faulty });
    const sent = engine.send(write, { sagaId: "s" });
    await here.pass(20_000);
    expect(tries).toBeGreaterThan(5);
    expect(here.ambient.logged.map(({ message }) => message)).toEqual(["the disk is broken"]);
    expect(statusOf(engine, "Desk").trouble).toBe("the disk is broken");
    isBroken = false;
    await here.pass(20_000);
    expect(await sent).toMatchObject({ status: "accepted" });
    expect(statusOf(engine, "Desk").trouble).toBe(undefined);
  });
});

const nudge = command("nudge");

/** B answers A, and can be nudged. */
function nudged(): World {
  const b = { states: { s: { ...answering.states["s"], commands: { nudge: [{ to: "t" }] } }, t: {} } };
  const made = fromJson(asks({ ...answering, ...b }));
  return new World({ choreography: made, services: scriptedServices(made, { choose: () => "" }) });
}

describe("a participant that fails later in a round", () => {
  it("takes back what it has said in it", async () => {
    await using here = nudged();
    let loads = 0;
    const fault: Fault = async ({ participant: name, method, phase }) => {
      if (name !== "B" || method !== "load" || phase === "after") return;
      loads += 1;
      if (loads === 1) void engine.send(nudge, { sagaId: "other" }).catch(() => undefined);
      else throw lost("B is broken");
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    await engine.send(ask, { sagaId: "s" });
    await here.pass(10_000);
    expect(await here.states("s")).toEqual({ A: "waits" });
    expect(statusOf(engine, "B").trouble).toBe("B is broken");
    await here.stop(engine);
    await (await here.start()).idle({ signal: soon() });
    expect(await here.states("s")).toEqual({ A: "done", B: "t" });
    expect(await here.audit()).toEqual([]);
  });
});

describe("a database that is away for a while", () => {
  it("is asked now and then, and all goes on when it is back", async () => {
    const { here, charged } = ordersWorld();
    await using _ = here;
    let away = false;
    let asked = 0;
    const fault: Fault = async ({ phase }) => {
      if (!away || phase === "after") return;
      asked += 1;
      throw lost("no server there");
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    const answers = place(here, () => engine);
    away = true;
    await here.pass(60_000);
    // Four participants, each at most every second or so once it has tried a few times.
    expect(asked).toBeGreaterThan(4 * 15);
    expect(asked).toBeLessThan(4 * 100);
    away = false;
    expect([...(await answers).values()].map(({ status }) => status)).toEqual([
      "accepted",
      "accepted",
      "accepted",
    ]);
    await expectDone(here, charged);
  });
});

const bounce = command("bounce");
const ring = command("ring");

/** The spring bounces without end once pushed; what the bell says is heard when `hears` says so. */
function bouncing(hears: () => boolean): World {
  const made = fromJson(
    small({
      spring: {
        initial: "s",
        states: {
          s: { commands: { bounce: [{ to: "t", emit: ["Bounced"] }] } },
          t: { on: { Bounced: [{ to: "t", emit: ["Bounced"] }] } },
        },
      },
      bell: {
        initial: "still",
        states: { still: { commands: { ring: [{ to: "rung", emit: ["Rung"] }] } }, rung: {} },
      },
      ear: {
        initial: "open",
        states: { open: { on: { Rung: [{ to: "heard" }, { to: "hurt" }] } }, heard: {}, hurt: {} },
      },
    }),
  );
  const services = scriptedServices(made, {
    choose: ({ outcomes }) => {
      if (!hears()) throw new Error("not now");
      return outcomes[0] ?? "";
    },
  });
  return new World({ choreography: made, services, limits: { batchMessagesMax: 1, attemptsMax: 1 } });
}

describe("an operator", () => {
  it("is heard by a participant at rest though the others of its rounds are busy without end", async () => {
    let hears = false;
    await using here = bouncing(() => hears);
    const slow: Fault = async ({ method, phase }) => {
      if (method === "flush" && phase === "before") await here.ambient.clock.sleep(100, never);
    };
    const engine = await here.start({ database: faultyDatabase(here.database, slow) });
    void engine.send(ring, { sagaId: "s" });
    await here.pass(1_000);
    const before = await here.parked("ear");
    hears = true;
    void engine.send(bounce, { sagaId: "endless" });
    await here.pass(1_000);
    await here.operate("ear", () => ({ redrive: true }));
    await here.pass(10_000);
    // It never comes to a stop by itself.
    here.abandon(engine);
    expect(before).toMatchObject([{ reason: "dead" }]);
    expect(await here.parked("ear")).toEqual([]);
    expect(await here.states("s")).toMatchObject({ ear: "heard" });
  });
});
