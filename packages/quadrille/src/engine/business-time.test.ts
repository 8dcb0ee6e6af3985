// Business time apart from the machine's: stepped from deadline to deadline, lapsing, over restarts and
// processes.
import { describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { steppedTime, timeLapse } from "../ambient/business-time.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, lock, on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import type { Engine } from "./message/api.ts";

const ask = command("ask");
const Asked = event("Asked");
const Expired = event("Expired");
const asker = participant("Asker", {
  entity: "Question",
  initial: "none",
  states: {
    none: [on(ask, to("ASKED").emits(Asked))],
    ASKED: lock([after("15m", to("EXPIRED").emits(Expired))]),
    EXPIRED: [],
  },
});
const clerk = participant("Clerk", {
  entity: "File",
  initial: "none",
  states: {
    none: [on(Asked, to("OPEN")), on(Expired, to("CLOSED"))],
    OPEN: [on(Expired, to("DONE")), after("10m", to("OPEN"), "remind")],
    CLOSED: [on(Asked, to("DONE"))],
    DONE: [],
  },
});
const asking = choreography("Asking", {
  participants: [asker, clerk],
  ends: { nothing: { Asker: "none", Clerk: "none" }, expired: { Asker: "EXPIRED", Clerk: "DONE" } },
});
const services = [service(asker, { handlers: {} }), service(clerk, { handlers: {} })];
const minute = 60_000;
const from = Date.parse("2015-01-01T11:00:00Z");
const businessTime = steppedTime({ from: "2015-01-01T11:00:00Z" });

const world = (): World => new World({ choreography: asking, services });

/** What happened in business time, minutes after the beginning. */
async function journal(here: World): Promise<readonly string[]> {
  const rows = await Promise.all(
    ["Asker", "Clerk"].map(async (name) => {
      const store = await here.store(name);
      const { head } = await store.recover(0);
      return (await store.reactions(0, 0, head + 1)).map(
        ({ time, sagaId, trigger, to: state }) =>
          `${(time - from) / minute} ${sagaId} ${name} ${trigger} ${state}`,
      );
    }),
  );
  return rows.flat();
}

/** A day of questions, one each hour. */
async function day(here: World, engine: Engine): Promise<void> {
  for (let hour = 0; hour < 8; hour += 1) {
    await engine.time.moveTo(from + hour * 60 * minute);
    await engine.send(ask, { sagaId: `hour ${hour}` });
  }
  await engine.time.moveTo(from + 600 * minute);
  expect(await here.audit()).toEqual([]);
}

describe("stepped time", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, undefined, "x"])(
    "is not moved to %j, which is no time",
    async (at) => {
      await using here = world();
      const engine = await here.start({ businessTime });
      const moved = engine.time.moveTo(at as number);
      await expect(moved).rejects.toMatchObject({ code: "Q_ARGUMENT_INVALID" });
      expect(engine.time.now()).toBe(from);
    },
  );

  it("stops at every deadline: rows have the deadline's own time", async () => {
    await using here = world();
    const engine = await here.start({ businessTime });
    await engine.send(ask, { sagaId: "s" });
    await here.pass(3_600_000);
    expect(await journal(here)).toEqual(["0 s Asker ask ASKED", "0 s Clerk Asked OPEN"]);
    await engine.time.moveTo(from + 60 * minute);
    expect(await journal(here)).toEqual([
      "0 s Asker ask ASKED",
      "15 s Asker after 15m EXPIRED",
      "0 s Clerk Asked OPEN",
      "10 s Clerk remind OPEN",
      "15 s Clerk Expired DONE",
    ]);
    expect(engine.time.now()).toBe(from + 60 * minute);
  });

  it("gives the same journals twice", async () => {
    const runs: (readonly string[])[] = [];
    for (let run = 0; run < 2; run += 1) {
      await using here = world();
      await day(here, await here.start({ businessTime }));
      runs.push(await journal(here));
    }
    expect(runs[0]).toHaveLength(8 * 5);
    expect(runs[0]).toEqual(runs[1]);
  });

  it("goes on after a restart where it was, and never back", async () => {
    await using here = world();
    const first = await here.start({ businessTime });
    await first.send(ask, { sagaId: "s" });
    await first.time.moveTo(from + 12 * minute);
    await here.stop(first);
    const second = await here.start({ businessTime });
    expect(second.time.now()).toBe(from + 12 * minute);
    await second.time.moveTo(from);
    expect(second.time.now()).toBe(from + 12 * minute);
    await second.time.moveTo(from + 20 * minute);
    expect((await journal(here)).at(-1)).toBe("15 s Clerk Expired DONE");
    await here.stop(second);
    const later = await here.start({ businessTime: steppedTime({ from: from + 600 * minute }) });
    expect(later.time.now()).toBe(from + 600 * minute);
  });

  it("is seen by another process, whose deadlines it waits for", async () => {
    await using here = world();
    const owner = await here.start({ businessTime, services: services.slice(0, 1) });
    const other = await here.start({ services: services.slice(1) });
    expect(other.time.now()).toBe(from);
    await owner.send(ask, { sagaId: "s" });
    let isThere = false;
    void owner.time.moveTo(from + 60 * minute).then(() => (isThere = true));
    await here.until(() => isThere);
    await here.pass(1_000);
    expect(other.time.now()).toBe(from + 60 * minute);
    expect((await journal(here)).filter((row) => row.includes("Clerk"))).toEqual([
      "0 s Clerk Asked OPEN",
      "10 s Clerk remind OPEN",
      "15 s Clerk Expired DONE",
    ]);
    await expect(other.time.moveTo(from)).rejects.toMatchObject({ code: "Q_TIME_NOT_STEPPED" });
  });

  it("is waited for until the signal aborts, while a participant still has a message to take", async () => {
    await using here = world();
    const engine = await here.start({ businessTime, services: services.slice(0, 1) });
    await engine.send(ask, { sagaId: "s" });
    const enough = new AbortController();
    const moving = engine.time.moveTo(from + 60 * minute, { signal: enough.signal });
    await here.pass(1_000);
    enough.abort(new Error("waited long enough"));
    const refused = expect(moving).rejects.toThrow("waited long enough");
    await here.pass(1_000);
    await refused;
    expect(engine.time.now()).toBe(from);
  });

  it("is moved only where it is stepped", async () => {
    await using here = world();
    const engine = await here.start();
    await expect(engine.time.moveTo(from)).rejects.toThrow("this engine keeps the machine's time");
  });
});

describe("a time lapse", () => {
  it("runs as many times as fast, and stands still while no process runs", async () => {
    await using here = world();
    const lapse = timeLapse({ from, factor: 60 });
    const engine = await here.start({ businessTime: lapse });
    await engine.send(ask, { sagaId: "s" });
    await here.pass(9_000);
    expect(engine.time.now()).toBe(from + 9 * minute);
    await here.stop(engine);
    await here.pass(3_600_000);
    const again = await here.start({ businessTime: lapse });
    expect(again.time.now()).toBe(from + 9 * minute);
    await here.pass(10_000);
    expect((await journal(here)).map((row) => row.split(" ").slice(2).join(" "))).toEqual([
      "Asker ask ASKED",
      "Asker after 15m EXPIRED",
      "Clerk Asked OPEN",
      "Clerk remind OPEN",
      "Clerk Expired DONE",
    ]);
  });
});

it.each([
  ["a time that is none", () => steppedTime({ from: "soon" }), '"soon" is not a time'],
  ["a factor of nothing", () => timeLapse({ from, factor: 0 }), "a factor above 0, not 0"],
])("%s is refused", (_, make, message) => {
  expect(make).toThrow(message);
});
