// A command takes effect once, whatever becomes of the flush that writes it and whenever: one schedule in
// eight is tried, every one with `npm run sweep`. States, data and times repeat, so that nothing
// distinguishes two effects apart but the commands themselves.
import { describe, expect, it } from "vitest";
import {
  add,
  closeTill,
  counting,
  countingServices,
  lockTill,
  unlockTill,
} from "../../test/counter-choreography.ts";
import { swept } from "../../../../test/sweep.ts";
import { World } from "../../test/engine-world.ts";
import { type Fate, lateDatabase } from "../../test/late-database.ts";
import type { CommandType } from "../contract/trigger.ts";
import type { Answer, Engine } from "./message/api.ts";

/** Requests that a flush may come too late by; a recovery takes fewer. */
const latest = 14;
const fates: readonly Fate[] = ["never", ...Array.from({ length: latest + 1 }, (_, late) => late)];

/**
 * What happens to the flushes of one engine: the nth meets `fate`, and the next one too where `again` says
 * so.
 */
interface Schedule {
  readonly nth: number;
  readonly fate: Fate;
  readonly again?: Fate;
}

function* everySchedule(): Generator<Schedule> {
  for (const nth of [1, 2, 3, 4, 5])
    for (const fate of fates) {
      yield { nth, fate };
      for (const again of ["never", 0, 2, 5] as const) yield { nth, fate, again };
    }
}

const schedules = swept(everySchedule(), 8);

function fateOf({ nth, fate, again = "acknowledged" }: Schedule): (flush: number) => Fate {
  const fates = new Map([
    [nth, fate],
    [nth + 1, again],
  ]);
  return (flush) => fates.get(flush) ?? "acknowledged";
}

function countingWorld({
  lanes = 1,
  ...options
}: {
  readonly batchMessagesMax?: number;
  readonly lanes?: number;
} = {}): World {
  const limits = { pollMs: 1_000, renewMs: 1_000, ...options };
  return new World({ choreography: counting, services: countingServices(), limits, lanes });
}

/** One caller of a saga: each command once, the next one when the one before is answered. */
async function inTurn(
  engine: Engine,
  commands: readonly CommandType[],
  options: { readonly sagaId: string; readonly key?: string },
): Promise<readonly Answer["status"][]> {
  const statuses: Answer["status"][] = [];
  const { sagaId, key } = options;
  for (const [index, command] of commands.entries()) {
    const idempotencyKey = key === undefined ? {} : { idempotencyKey: `${key} ${index}` };
    const data = command.name === add.name ? { amount: 1 } : undefined;
    const answer = await engine.send(command, data, {
      sagaId,
      ...idempotencyKey,
    });
    statuses.push(answer.status);
  }
  return statuses;
}

const adds = (count: number): readonly CommandType[] =>
  Array.from({ length: count }, () => add as CommandType);
/** Each is refused where it comes a second time. */
const toggles: readonly CommandType[] = [add, lockTill, unlockTill, lockTill, unlockTill, closeTill];

/** How often the till took each command, over all sagas. */
async function effects(here: World): Promise<Readonly<Record<string, number>>> {
  const store = await here.store("till");
  const sagas = new Set<string>();
  for (let lane = 0; lane < (here.options.lanes ?? 1); lane += 1) {
    const { head } = await store.recover(lane);
    for (const { sagaId } of await store.read(lane, 0, head + 1)) sagas.add(sagaId);
  }
  const rows = (await Promise.all([...sagas].map((sagaId) => store.timeline(sagaId)))).flat();
  const counts: Record<string, number> = {};
  for (const { trigger } of rows) counts[trigger] = (counts[trigger] ?? 0) + 1;
  return counts;
}

async function expectOnce(
  here: World,
  callers: readonly Promise<readonly Answer["status"][]>[],
  sent: number,
) {
  let statuses: readonly Answer["status"][] | undefined;
  void Promise.all(callers).then((all) => (statuses = all.flat()));
  await here.until(() => statuses !== undefined);
  await here.pass(5_000);
  expect(statuses?.filter((status) => status !== "accepted")).toEqual([]);
  expect(Object.values(await effects(here)).reduce((sum, count) => sum + count, 0)).toBe(sent);
  expect(await here.audit()).toEqual([]);
}

describe("a command takes effect once and is answered with that effect, whatever becomes of its flush", () => {
  const keyed = ["without a key", "with a key"] as const;

  it.each(keyed)("several a saga in flight, %s", async (how) => {
    for (const schedule of schedules) {
      const here = countingWorld();
      await using _ = here;
      const engine = await here.start({ database: lateDatabase(here.database, fateOf(schedule)) });
      const callers = ["a", "b", "c"].flatMap((sagaId) =>
        ["1", "2"].map((one) =>
          inTurn(engine, adds(3), how === "with a key" ? { sagaId, key: sagaId + one } : { sagaId }),
        ),
      );
      await expectOnce(here, callers, 18);
    }
  });

  it.each(keyed)("in states that refuse a second one, %s", async (how) => {
    for (const schedule of schedules) {
      const here = countingWorld();
      await using _ = here;
      const engine = await here.start({ database: lateDatabase(here.database, fateOf(schedule)) });
      const callers = ["a", "b"].map((sagaId) =>
        inTurn(engine, toggles, how === "with a key" ? { sagaId, key: sagaId } : { sagaId }),
      );
      await expectOnce(here, callers, 2 * toggles.length);
    }
  });

  it("a batch of one, and the participant alone", async () => {
    for (const schedule of schedules) {
      const here = countingWorld({ batchMessagesMax: 1 });
      await using _ = here;
      const services = countingServices().slice(0, 1);
      const engine = await here.start({ services, database: lateDatabase(here.database, fateOf(schedule)) });
      const callers = ["a", "a", "b"].map((sagaId) => inTurn(engine, adds(3), { sagaId }));
      await expectOnce(here, callers, 9);
    }
  });

  it("several sagas in lanes of their own", async () => {
    for (const schedule of schedules) {
      const here = countingWorld({ lanes: 5 });
      await using _ = here;
      const engine = await here.start({ database: lateDatabase(here.database, fateOf(schedule)) });
      const callers = ["a", "b", "c"].flatMap((sagaId) =>
        ["1", "2"].map((one) => inTurn(engine, adds(3), { sagaId, key: sagaId + one })),
      );
      await expectOnce(here, callers, 18);
    }
  });

  it.each([1, 5])("two engines on the same sagas, with lanes: %d", async (lanes) => {
    for (const schedule of schedules) {
      const here = countingWorld({ lanes });
      await using _ = here;
      const lossy = await here.start({ database: lateDatabase(here.database, fateOf(schedule)) });
      const sound = await here.start();
      const callers = ["a", "b"].flatMap((sagaId) =>
        [lossy, sound].map((engine) => inTurn(engine, adds(4), { sagaId })),
      );
      await expectOnce(here, callers, 16);
    }
  });
});
