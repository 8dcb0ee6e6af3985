// Rows come by two ways, handed over in memory and read from the journal: whatever the mixture, in order and
// once.
import { describe, expect, it } from "vitest";
import { mulberry32 } from "../../ambient/virtual.ts";
import type { CarriedRow } from "../../store/records.ts";
import type { ReadLimit } from "../../store/store.ts";
import { journalOf } from "../../testing/store-samples.ts";
import { EventFilter } from "../message/event-filter.ts";
import type { Delivery } from "../../transport/transport.ts";
import { Intake } from "./intake.ts";

const filter = new EventFilter({ published: new Set(), subscriptions: [] });
const limits = { handoverRowsMax: 4, readRowsMax: 3, batchBytesMax: 1_000_000 };

/** A journal, and an intake of it whose reads are answered when the test says so. */
function subject(): {
  readonly intake: Intake;
  readonly commit: (count: number) => readonly CarriedRow[];
  /** Removes rows by hand. */
  readonly remove: (first: number, last: number) => void;
  readonly during: (act: () => void) => void;
} {
  const journal: CarriedRow[] = [];
  let act: () => void = () => undefined;
  const read = async (after: number, limit: ReadLimit): Promise<Delivery> => {
    const rows = journal.filter(({ position }) => position > after).slice(0, limit.rows);
    act();
    return { rows, isPartial: false };
  };
  return {
    intake: new Intake("kitchen", 0, { read, limits, filter }),
    commit: (count) => {
      const rows = Array.from({ length: count }, (_, index) => journalOf(journal.length + index + 1));
      journal.push(...rows);
      return rows;
    },
    remove: (first, last) => {
      journal.splice(first - 1, last - first + 1);
    },
    during: (how) => {
      act = how;
    },
  };
}

function take(intake: Intake): readonly number[] {
  return intake.take({ rows: 100, bytes: 1_000_000 }).map(({ position }) => position);
}

describe("an intake", () => {
  it("reads what was there before it, and is handed what comes after", async () => {
    const { intake, commit } = subject();
    commit(2);
    await intake.fill(0);
    await intake.fill(0);
    intake.offer(commit(1));
    expect(intake.behind).toBe(false);
    expect(take(intake)).toEqual([1, 2, 3]);
  });

  it("takes rows that were committed and handed over while it was reading, once", async () => {
    const { intake, commit, during } = subject();
    intake.offer(commit(1));
    during(() => {
      during(() => undefined);
      intake.offer(commit(2));
    });
    await intake.fill(0);
    expect(take(intake)).toEqual([1, 2, 3]);
    expect(intake.behind).toBe(false);
  });

  it("knows that it is behind when more was handed over during a read than it may keep", async () => {
    const { intake, commit, during } = subject();
    intake.offer(commit(1));
    during(() => {
      during(() => undefined);
      intake.offer(commit(9));
    });
    await intake.fill(0);
    expect(intake.behind).toBe(true);
    const taken = [...take(intake)];
    while (intake.behind) {
      await intake.fill(0);
      taken.push(...take(intake));
    }
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("reads what another process has committed between rows handed over", async () => {
    const { intake, commit } = subject();
    await intake.fill(0);
    commit(2);
    intake.offer(commit(1));
    expect(intake.take({ rows: 9, bytes: 1 })).toEqual([]);
    await intake.fill(0);
    expect(take(intake)).toEqual([1, 2, 3]);
  });

  it("keeps no more rows than it may", async () => {
    const { intake, commit } = subject();
    await intake.fill(0);
    for (let count = 0; count < 50; count += 1) intake.offer(commit(1));
    for (let count = 0; count < 50; count += 1) await intake.fill(0);
    expect(intake.waiting).toBeLessThanOrEqual(limits.handoverRowsMax + limits.readRowsMax);
  });

  it("refuses a journal whose last rows are gone before it has taken them, also where no row follows", async () => {
    const { intake, commit, remove } = subject();
    commit(5);
    remove(3, 5);
    intake.reached(5);
    await intake.fill(0);
    expect(take(intake)).toEqual([1, 2]);
    await expect(intake.fill(0)).rejects.toThrow("goes up to position 5, and was read up to 2");
    expect(intake.behind).toBe(true);
  });

  it("takes every row once and in order, whatever happens in whichever order", async () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = mulberry32(seed);
      const { intake, commit, during } = subject();
      const taken: number[] = [];
      const something = (): void => {
        const rows = commit(Math.floor(random() * 4));
        // A row of another process is in the journal and not handed over.
        if (random() < 0.7) intake.offer(rows);
        else intake.markStale();
      };
      during(() => (random() < 0.3 ? something() : undefined));
      for (let step = 0; step < 60; step += 1) {
        if (random() < 0.4) something();
        if (random() < 0.5) await intake.fill(0);
        if (random() < 0.5) taken.push(...take(intake));
      }
      during(() => undefined);
      intake.markStale();
      for (let step = 0; step < 200; step += 1) {
        await intake.fill(0);
        taken.push(...take(intake));
      }
      const all = taken.length;
      expect(taken).toEqual(Array.from({ length: all }, (_, index) => index + 1));
      expect(intake.behind).toBe(false);
      const [last] = commit(1);
      expect(taken.length).toBe((last?.position ?? 0) - 1);
    }
  });
});
