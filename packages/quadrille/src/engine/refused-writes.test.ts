// What the database refuses has an owner: the message alone is dead or its command rejected, and all others
// go on.
import { describe, expect, it } from "vitest";
import { statusOf, World } from "../../test/engine-world.ts";
import { refusingDatabase } from "../../test/refusing-database.ts";
import { say, talk, talkServices } from "../../test/talk-choreography.ts";
import { add, counting, countingServices } from "../../test/counter-choreography.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";

describe("a row that the database refuses", () => {
  it.each([1, 4])(
    "kills the message that leads to it, and nothing beside it, in any of %i lanes",
    async (lanes) => {
      const database = refusingDatabase(memoryDatabase(), ({ changed, created }) =>
        JSON.stringify([...created, ...changed]).includes('"heard":[13'),
      );
      const services = talkServices(() => undefined);
      await using here = new World({ choreography: talk, services, database, lanes });
      const engine = await here.start();
      await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          engine.send(say, { n: n % 20 === 13 ? 13 : n }, { sagaId: `s${n}` }),
        ),
      );
      await here.pass(5_000);
      const parked = (await here.parked("listener")).toSorted((a, b) => (a.key < b.key ? -1 : 1));
      expect(parked).toMatchObject([
        { key: "s13", reason: "dead", error: { code: "Q_WRITE_REFUSED" }, data: { n: 13 } },
        { key: "s33", reason: "dead", error: { code: "Q_WRITE_REFUSED" }, data: { n: 13 } },
      ]);
      expect(await (await here.store("listener")).census()).toEqual(new Map([["LISTENING", 38]]));
      expect(statusOf(engine, "listener").trouble).toBe(undefined);
      expect(await here.audit()).toEqual([]);
    },
  );

  it.each([1, 4])(
    "rejects the command that leads to it, and answers those beside it, in any of %i lanes",
    async (lanes) => {
      const database = refusingDatabase(memoryDatabase(), ({ journal }) =>
        JSON.stringify(journal).includes('"amount":13'),
      );
      await using here = new World({ choreography: counting, services: countingServices(), database, lanes });
      const engine = await here.start();
      const answers = Promise.allSettled(
        Array.from({ length: 40 }, (_, amount) => engine.send(add, { amount }, { sagaId: `s${amount}` })),
      );
      await here.pass(5_000);
      const rejected = (await answers).flatMap((answer, n) =>
        answer.status === "rejected" ? [[n, answer.reason]] : [],
      );
      expect(rejected).toMatchObject([[13, { code: "Q_WRITE_REFUSED" }]]);
      expect(await (await here.store("till")).census()).toEqual(new Map([["OPEN", 39]]));
      expect(await engine.send(add, { amount: 1 }, { sagaId: "s13" })).toMatchObject({ status: "accepted" });
    },
  );

  it("is parked without its payload where that is what is refused", async () => {
    const database = refusingDatabase(
      memoryDatabase(),
      ({ created, parked }) =>
        JSON.stringify([created, parked.map(({ data }) => data)]).match(/"heard":\[13|"n":13/) !== null,
    );
    await using here = new World({ choreography: talk, services: talkServices(() => undefined), database });
    const engine = await here.start();
    for (const n of [1, 13, 2]) await engine.send(say, { n }, { sagaId: `s${n}` });
    await here.pass(5_000);
    expect(await here.parked("listener")).toMatchObject([
      { key: "s13", reason: "dead", data: undefined, error: { code: "Q_WRITE_REFUSED" } },
    ]);
    expect(await (await here.store("listener")).census()).toEqual(new Map([["LISTENING", 2]]));
  });
});
