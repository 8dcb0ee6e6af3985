// What the owners of lanes promise, as cases for any implementation. Like those of the stores, they do not
// depend on a test runner.
import assert from "node:assert/strict";
import type { LaneOf, Owner, Owners, OwnerSetup, Standing } from "../store/owners.ts";

/** The owners under test, as two processes see them; none has joined. */
export interface OwnersSubject {
  readonly owners: readonly [Owners, Owners];
  /** Retries until it does not throw, for as long as a connection may take to open. */
  readonly until: (assertion: () => Promise<void>) => Promise<void>;
}

/** One promise and how it is tried. `run` rejects when the owners do not keep it. */
export interface OwnersCase {
  readonly name: string;
  readonly run: (subject: OwnersSubject) => Promise<void>;
}

/** Every promise of owners. */
export const ownersConformance: readonly OwnersCase[] = [
  {
    name: "give a lane to one of two, and to the other once it is free",
    run: async (subject) => {
      const [one, two] = await both(subject);
      assert.deepEqual(await one.take([lane(0), lane(1)]), [lane(0), lane(1)]);
      assert.deepEqual(await one.take([lane(0)]), []);
      assert.deepEqual(await two.take([lane(1), lane(2)]), [lane(2)]);
      await one.free([lane(1)]);
      assert.deepEqual(await two.take([lane(1)]), [lane(1)]);
      const standing = await standingOf(two);
      const owners = standing.owners.get("kitchen") ?? new Map<number, string>();
      assert.deepEqual(
        [...owners.keys()].toSorted((a, b) => a - b),
        [0, 1, 2],
      );
      assert.equal(owners.get(1), standing.self);
      assert.equal(owners.get(2), standing.self);
      assert.notEqual(owners.get(0), standing.self);
      await Promise.all([one.leave(), two.leave()]);
    },
  },
  {
    name: "say which processes are there, participant by participant",
    run: async ({ owners, until }) => {
      const one = owners[0].join(setupOf({ kitchen: 3, order: 1 }));
      const two = owners[1].join(setupOf({ kitchen: 3 }));
      await until(async () => assert.equal((await counts(one, "kitchen")).length, 1));
      await until(async () => assert.deepEqual(await counts(two, "kitchen"), [2]));
      assert.deepEqual(await counts(one, "kitchen", "order"), [2, 1]);
      await one.retire("kitchen");
      assert.deepEqual(await one.take([lane(0)]), []);
      assert.deepEqual(await counts(two, "kitchen"), [1]);
      assert.deepEqual(await one.take([{ participant: "order", lane: 0 }]), [
        { participant: "order", lane: 0 },
      ]);
      await Promise.all([one.leave(), two.leave()]);
    },
  },
  {
    name: "free the lanes of a process that leaves, and notify the others",
    run: async (subject) => {
      let notices = 0;
      const [one, two] = await both(subject, () => (notices += 1));
      await one.take([lane(0), lane(1)]);
      const before = notices;
      await one.leave();
      await subject.until(async () => assert.ok(notices > before));
      assert.deepEqual(await counts(two, "kitchen"), [1]);
      assert.deepEqual(await two.take([lane(0), lane(1)]), [lane(0), lane(1)]);
      await two.leave();
    },
  },
];

async function both(
  { owners, until }: OwnersSubject,
  onChange: () => void = () => undefined,
): Promise<readonly [Owner, Owner]> {
  const one = owners[0].join(setupOf({ kitchen: 3 }));
  const two = owners[1].join(setupOf({ kitchen: 3 }, onChange));
  await until(async () => {
    // The others do not know a process that has not looked yet.
    const [, ofTwo] = [await counts(one, "kitchen"), await counts(two, "kitchen")];
    assert.deepEqual([await counts(one, "kitchen"), ofTwo], [[2], [2]]);
  });
  return [one, two];
}

function setupOf(
  lanes: Readonly<Record<string, number>>,
  onChange: () => void = () => undefined,
): OwnerSetup {
  return { lanes: new Map(Object.entries(lanes)), onLost: () => undefined, onChange };
}

function lane(number: number): LaneOf {
  return { participant: "kitchen", lane: number };
}

async function standingOf(owner: Owner): Promise<Standing> {
  const standing = await owner.look();
  assert.ok(standing !== undefined);
  return standing;
}

async function counts(
  owner: Owner,
  ...participants: readonly string[]
): Promise<readonly (number | undefined)[]> {
  const { present } = await standingOf(owner);
  return participants.map((name) => present.get(name)?.size);
}
