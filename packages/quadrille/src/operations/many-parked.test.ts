// A saga's own messages are found however many others are parked.
import { expect, it } from "vitest";
import { isSweep } from "../../../../test/sweep.ts";
import { talk } from "../../test/talk-choreography.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { flushOf, flushOne, journalOf, parkedOf } from "../testing/store-samples.ts";
import { openOperations } from "./operations.ts";

it("a saga's dead letter is shown behind many others, and with it the one to blame", async () => {
  const database = memoryDatabase();
  await database.open({ name: "speaker", lanes: 1 });
  await database.open({ name: "listener", lanes: 1, sources: ["speaker"] });
  const operations = await openOperations({ choreography: talk, database });
  const others = Array.from({ length: isSweep ? 100_000 : 10_001 }, (_, n) =>
    parkedOf(`other-${n}`, { reason: "dead" }),
  );
  const own = parkedOf("own", { reason: "dead", sagaId: "mine", key: "mine", parkedAt: 1_800_000_000_000 });
  await flushOne(
    { database, participant: "listener" },
    flushOf({ head: 1, journal: [journalOf(1, { sagaId: "mine" })], parked: [...others, own] }),
  );
  expect((await operations.saga("mine"))?.expected).toMatchObject([
    { kind: "parked", from: ["listener"], where: "dead: own (no such ticket)" },
  ]);
});
