// Business time as a database keeps it: written by one process at a time, never earlier than it was. A
// database has one business time, so the cases go on from wherever it stands.
import assert from "node:assert/strict";
import type { TimeStore } from "../store/time-store.ts";
import type { StoreCase } from "./store-case.ts";

const hour = 3_600_000;

/** The promises of `Database.businessTime`. */
export const timeCases: readonly StoreCase[] = [
  {
    name: "keeps business time as it was written last, with its pace",
    run: async ({ database: { businessTime } }) => {
      const at = await laterThanNow(businessTime);
      for (const record of [
        { at, measuredAt: 17, factor: 0 },
        { at: at + hour, measuredAt: 1_700_000_000_000, factor: 2.5 },
        { at: at + hour, measuredAt: 1_700_000_000_001, factor: 0 },
      ]) {
        await businessTime.write(record);
        assert.deepEqual(await businessTime.read(), record);
      }
    },
  },
  {
    name: "never makes business time earlier",
    run: async ({ database: { businessTime } }) => {
      const kept = { at: (await laterThanNow(businessTime)) + hour, measuredAt: 17, factor: 0 };
      await businessTime.write(kept);
      for (const earlier of [kept.at - 1, kept.at - hour, 0]) {
        await businessTime.write({ at: earlier, measuredAt: 18, factor: 60 });
        assert.deepEqual(await businessTime.read(), kept);
      }
      const later = Array.from({ length: 20 }, (_, nth) => kept.at + nth * hour);
      await Promise.all(later.map((at) => businessTime.write({ at, measuredAt: 19, factor: 0 })));
      assert.equal((await businessTime.read())?.at, later.at(-1));
    },
  },
  {
    name: "lets one at a time move business time, and the next one when that one has freed it",
    run: async ({ database: { businessTime } }) => {
      const first = await businessTime.claim();
      assert.equal(first?.isHeld, true);
      assert.equal(await businessTime.claim(), undefined);
      await first?.free();
      assert.equal(first?.isHeld, false);
      const second = await businessTime.claim();
      assert.equal(second?.isHeld, true);
      await second?.free();
    },
  },
];

/** A time at which it does not stand yet. */
async function laterThanNow(businessTime: TimeStore): Promise<number> {
  return ((await businessTime.read())?.at ?? Date.UTC(2015, 0, 1)) + hour;
}
