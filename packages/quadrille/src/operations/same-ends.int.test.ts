// An end is the same for the engine's callers and for operators: it is none while a message of the saga is
// under way.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { kinds, type SharedTables, sharedTables } from "../../test/shared-tables.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import type { Engine } from "../engine/message/api.ts";
import { openOperations } from "./operations.ts";

const go = command("go");
const Went = event("Went");
const walker = participant("Walker", {
  entity: "Walk",
  initial: "none",
  states: { none: [on(go, to("GONE").emits(Went))], GONE: [on(go, to("GONE").emits(Went))] },
});
const counter = participant("Counter", {
  entity: "Count",
  initial: "none",
  states: { none: [on(Went, to("none"))] },
});
const walks = choreography("Walks", {
  participants: [walker, counter],
  ends: { gone: { Walker: "GONE" } },
});

describe.each(kinds)("on %s", (kind) => {
  let shared: SharedTables;
  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  /** A world in which the counter's handler fails as long as `isBroken` holds. */
  async function broken(): Promise<{ readonly here: World; readonly repair: () => void }> {
    let isBroken = true;
    const fails = service(counter, {
      handlers: {
        none: {
          Went: ({ choose }) => {
            if (isBroken) throw new Error("no fingers");
            return choose();
          },
        },
      },
    });
    const here = new World({
      choreography: walks,
      services: [service(walker), fails],
      database: shared.own(),
      limits: { attemptsMax: 1 },
    });
    await here.makeTables();
    return { here, repair: () => void (isBroken = false) };
  }

  /** The end of the saga s as each way of asking gives it. */
  async function endsOf(here: World, engine: Engine): Promise<readonly unknown[]> {
    const operations = await openOperations({ choreography: walks, database: here.database });
    const idsOf = async (query: object): Promise<string> =>
      (await operations.sagas({ limit: 5, ...query })).map(({ sagaId }) => sagaId).join();
    const caller = new AbortController();
    const ended = engine.saga("s").ended({ signal: caller.signal });
    const toOperators = [
      (await operations.saga("s"))?.end,
      (await operations.sagas({ limit: 5 })).map(({ end }) => end).join(),
      await idsOf({ end: "gone" }),
      await idsOf({ underWay: true }),
    ];
    // A server answers when it does: an end that is there is known long before.
    await Promise.race([ended, pause(500)]);
    caller.abort();
    return [(await ended)?.end, ...toOperators];
  }
  const open = [undefined, undefined, "", "", "s"];
  const over = ["gone", "gone", "gone", "s", ""];

  async function parkedAre(here: World, count: number): Promise<void> {
    await here.until(async () => (await here.parked("Counter")).length === count);
  }

  it("is none while a message is dead, and is there when it was taken after all", async () => {
    const { here, repair } = await broken();
    await using world = here;
    const engine = await world.start();
    await engine.send(go, { sagaId: "s" });
    await parkedAre(world, 1);
    expect(await endsOf(world, engine)).toEqual(open);
    repair();
    await world.operate("Counter", () => ({ redrive: true }));
    await parkedAre(world, 0);
    await world.until(async () => (await endsOf(world, engine))[0] === "gone");
    expect(await endsOf(world, engine)).toEqual(over);
  });

  it("is none while a message was not taken by a participant that does not run", async () => {
    await using here = (await broken()).here;
    const engine = await here.start({ services: [service(walker)] });
    await engine.send(go, { sagaId: "s" });
    expect(await endsOf(here, engine)).toEqual(open);
    await here.start({ services: [service(counter)] });
    await here.until(async () => (await endsOf(here, engine))[0] === "gone");
    expect(await endsOf(here, engine)).toEqual(over);
  });

  it("is none while one message is dead behind twenty that were discarded", async () => {
    await using here = (await broken()).here;
    const first = await here.start();
    for (let nth = 0; nth < 21; nth += 1) await first.send(go, { sagaId: "s" });
    // The others wait behind the one that is dead.
    await parkedAre(here, 21);
    for (let left = 21; left > 1; left -= 1) {
      await here.until(async () => (await here.parked("Counter"))[0]?.reason === "dead");
      const oldest = (await here.parked("Counter"))[0]?.id;
      await here.operate("Counter", ({ id }) => (id === oldest ? { discard: "enough" } : undefined));
    }
    await here.until(async () => (await here.parked("Counter"))[0]?.reason === "dead");
    expect(await endsOf(here, first)).toEqual(open);
    await here.stop(first);
    const second = await here.start();
    expect(await endsOf(here, second)).toEqual(open);
    await here.operate("Counter", () => ({ discard: "enough" }));
    await here.until(async () => (await endsOf(here, second))[0] === "gone");
    expect(await endsOf(here, second)).toEqual(over);
  });
});
