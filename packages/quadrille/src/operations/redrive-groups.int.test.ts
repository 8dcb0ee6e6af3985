// Redrive of a group: by participant, activity and error, a thousand within a second, also while the lane is
// busy.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asPromised } from "../../../../test/soon.ts";
import { choreography, openPlace, type Place } from "../../test/operated-places.ts";
import { kinds, type SharedTables, sharedTables } from "../../test/shared-tables.ts";
import { flushOf, flushOne, parkedOf } from "../testing/store-samples.ts";

const error = { code: "Q_ACTIVITY_FAILED", message: "503" };

describe.each(kinds)("on %s", (kind) => {
  let shared: SharedTables;
  beforeAll(async () => {
    shared = await sharedTables(kind);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  async function withDead(here: Place): Promise<void> {
    await here.world.store("Accounting");
    const dead = Array.from({ length: 3_000 }, (_, n) =>
      parkedOf(`call-${n}`, {
        ordinal: n + 1,
        kind: "activity",
        trigger: n % 3 === 0 ? "reverse" : "authorize",
        cause: { source: "activity", lane: 0, position: 1 },
        reason: "dead",
        error: n % 3 === 1 ? error : { ...error, code: "Q_NON_RETRYABLE" },
      }),
    );
    await flushOne({ database: here.world.database, participant: "Accounting" }, flushOf({ parked: dead }));
  }

  it("takes a thousand that fit in a second, however busy the lane is", async () => {
    await using here = await openPlace(shared.own());
    await withDead(here);
    const store = await here.world.store("Accounting");
    // As a busy engine does: a writer that read the turn before comes too late each time.
    const done = new AbortController();
    const busy = (async () => {
      while (!done.signal.aborted) await store.skipTurn(0);
    })();
    const { operations } = here;
    const begun = performance.now();
    expect(await operations.redriveAll({ trigger: "authorize", code: "Q_ACTIVITY_FAILED" })).toBe(1_000);
    // One after the other, against the busy one, it would be minutes.
    expect(performance.now() - begun).toBeLessThan(asPromised(1_000));
    await operations.redrive("Accounting", "call-0");
    expect(await operations.redriveAll({ participant: "Order" })).toBe(0);
    expect(await operations.redriveAll({ participant: "Accounting", reason: "dead" })).toBe(1_999);
    done.abort();
    await busy;
    expect(await operations.parked({ reason: "dead", limit: 1 })).toEqual([]);
    expect(await store.parkedCensus(0)).toEqual(new Map([["waiting", 3_000]]));
  });

  it("knows the participants there are", async () => {
    await using here = await openPlace(shared.own());
    await expect(here.operations.redriveAll({ participant: "Oven" })).rejects.toThrow(
      `There is no participant Oven; there are ${choreography.participants.map(({ name }) => name).join(", ")}.`,
    );
  });
});
