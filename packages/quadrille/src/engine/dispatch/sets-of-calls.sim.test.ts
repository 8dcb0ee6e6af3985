// Results of calls and deadlines come in sets, too; one that fails is parked alone.
import { expect, it } from "vitest";
import { z } from "zod";
import { World } from "../../../test/engine-world.ts";
import { ownTableDatabase } from "../../../test/own-table-database.ts";
import { choreography } from "../../contract/choreography.ts";
import { service } from "../../contract/handler.ts";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { after, lock, on } from "../../contract/reaction.ts";
import { activity, command } from "../../contract/trigger.ts";

const post = command("post");
const weigh = activity("weigh", z.object({ grams: z.int() }));
const parcel = participant("Parcel", {
  entity: "Parcel",
  data: z.object({ grams: z.int() }),
  initial: "NONE",
  states: {
    NONE: [on(post, to("WEIGHING"))],
    WEIGHING: lock([on(weigh, to("WAITING"))]),
    WAITING: lock([after("1m", to("SENT"), "collect")]),
    SENT: [],
  },
});
const posting = choreography("Posting", { participants: [parcel], ends: { sent: { Parcel: "SENT" } } });
const sagas = ["a", "b", "c", "d", "e"];

it("results and deadlines are answered in sets, and one that fails is parked alone", async () => {
  const { database, taken } = ownTableDatabase();
  const weighed: (readonly string[])[] = [];
  const collected: (readonly string[])[] = [];
  const code = service(parcel, {
    handlers: {
      WEIGHING: {
        weigh: {
          transactAll: async (results, tx) => {
            const ids = results.map(({ entity }) => entity.sagaId);
            weighed.push(ids);
            await tx.query("take", [ids, results.map(() => 1)]);
            return results.map(({ payload, entity, choose }) =>
              entity.sagaId === "c" ? new Error("not this one") : choose({ data: payload }),
            );
          },
        },
      },
      WAITING: {
        collect: {
          transactAll: async (due) => {
            collected.push(due.map(({ entity }) => entity.sagaId));
            return due.map(({ choose }) => choose());
          },
        },
      },
    },
    activities: { weigh: async () => ({ grams: 500 }) },
  });
  await using here = new World({ choreography: posting, services: [code], database });
  const engine = await here.start({ limits: { attemptsMax: 1 } });
  for (const sagaId of sagas) void engine.send(post, { sagaId });
  await here.pass(5_000);
  expect((await here.parked("Parcel")).map(({ key, kind, reason }) => [key, kind, reason])).toEqual([
    ["c", "activity", "dead"],
  ]);
  expect([...taken().keys()]).toEqual(["a", "b", "d", "e"]);
  expect(weighed[0]).toEqual(sagas);
  expect(weighed).toHaveLength(2);
  await here.pass(60_000);
  expect(collected).toEqual([["a", "b", "d", "e"]]);
  expect(await here.states("e")).toEqual({ Parcel: "SENT" });
});
