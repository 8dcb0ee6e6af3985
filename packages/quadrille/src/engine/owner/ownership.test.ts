// Engines share lanes, in one process and in memory, where the test moves time.
import { describe, expect, it } from "vitest";
import { add, counting, countingServices } from "../../../test/counter-choreography.ts";
import { World } from "../../../test/engine-world.ts";
import { localOwners } from "../../store/local-owners.ts";
import { memoryDatabase } from "../../store/memory/memory-database.ts";
import type { Owner, Owners } from "../../store/owners.ts";

const lanes = 4;

/** Engines on one memory, whose locks are freed as slowly as `freeMs` says. */
class Sharing {
  readonly here: World;
  readonly joined: Owner[] = [];

  constructor(freeMs = 0) {
    const local = localOwners();
    const owners: Owners = {
      join: (setup) => {
        const owner = local.join(setup);
        this.joined.push(owner);
        return {
          ...owner,
          free: async (freed) => {
            if (freeMs > 0) await this.here.ambient.clock.sleep(freeMs, new AbortController().signal);
            await owner.free(freed);
          },
        };
      },
    };
    const database = { ...memoryDatabase(), owners };
    this.here = new World({ choreography: counting, services: countingServices(), lanes, database });
  }

  /** How many lanes of the till each engine owns, in the order in which they joined. */
  async counts(): Promise<readonly number[]> {
    return Promise.all(
      this.joined.map(async (owner) => {
        const standing = await owner.look();
        const owned = [...(standing?.owners.get("till")?.values() ?? [])];
        return owned.filter((name) => name === standing?.self).length;
      }),
    );
  }
}

describe("engines on the same participants", () => {
  it.each([0, 1_200])("share the lanes, where a lock takes %i ms to be freed", async (freeMs) => {
    const sharing = new Sharing(freeMs);
    await using here = sharing.here;
    await here.start();
    await here.pass(5_000);
    expect(await sharing.counts()).toEqual([lanes]);
    await here.start();
    await here.pass(20_000);
    expect(await sharing.counts()).toEqual([2, 2]);
  });

  it("answer commands for each other, and hand over what waits when one leaves", async () => {
    const sharing = new Sharing();
    await using here = sharing.here;
    const one = await here.start();
    const two = await here.start();
    await here.pass(10_000);
    const sagas = Array.from({ length: 20 }, (_, index) => `saga-${index}`);
    const sent = sagas.map((sagaId) => one.send(add, { amount: 1 }, { sagaId }));
    const drained = two.drain();
    await here.pass(10_000);
    await drained;
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual(sagas.map(() => "accepted"));
    expect(await sharing.counts()).toEqual([lanes, 0]);
    expect(await here.audit()).toEqual([]);
  });
});
