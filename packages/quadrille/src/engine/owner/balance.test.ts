// Lanes are spread evenly, move one at a time, and stay where they are when nothing is gained.
import { describe, expect, it } from "vitest";
import type { LaneOf, Standing } from "../../store/owners.ts";
import { balance } from "./balance.ts";

/** Processes that share lanes: each acts by what it sees, until nothing moves any more. */
class Processes {
  readonly lanes: ReadonlyMap<string, number>;
  readonly runs = new Map<string, ReadonlySet<string>>();
  readonly owners = new Map<string, string>();
  moves = 0;

  constructor(lanes: Readonly<Record<string, number>>) {
    this.lanes = new Map(Object.entries(lanes));
  }

  come(name: string, participants: readonly string[] = [...this.lanes.keys()]): this {
    this.runs.set(name, new Set(participants));
    return this;
  }

  go(name: string): this {
    this.runs.delete(name);
    for (const [key, owner] of this.owners) if (owner === name) this.owners.delete(key);
    return this;
  }

  settle(): this {
    for (let turns = 0; turns < 100; turns += 1) {
      if (![...this.runs.keys()].some((name) => this.#act(name))) return this;
    }
    throw new Error("it does not come to rest");
  }

  counts(participant: string): Readonly<Record<string, number>> {
    const names = [...this.runs].filter(([, runs]) => runs.has(participant)).map(([name]) => name);
    return Object.fromEntries(names.map((name) => [name, this.ofProcess(name, participant).length]));
  }

  ofProcess(name: string, participant: string): readonly number[] {
    const all = Array.from({ length: this.lanes.get(participant) ?? 0 }, (_, lane) => lane);
    return all.filter((lane) => this.owners.get(`${participant}/${lane}`) === name);
  }

  #act(name: string): boolean {
    const runs = this.runs.get(name) ?? new Set();
    const mine = new Map([...this.lanes].filter(([participant]) => runs.has(participant)));
    const { take, free } = balance(this.#standing(name), mine);
    const got = take.filter((lane) => !this.owners.has(keyOf(lane)));
    for (const lane of got) this.owners.set(keyOf(lane), name);
    for (const lane of free) this.owners.delete(keyOf(lane));
    this.moves += free.length;
    return got.length + free.length > 0;
  }

  #standing(self: string): Standing {
    const present = new Map(
      Array.from(this.lanes.keys(), (participant) => {
        const there = [...this.runs].filter(([, runs]) => runs.has(participant)).map(([name]) => name);
        return [participant, new Set(there)] as const;
      }),
    );
    const owners = new Map(
      Array.from(this.lanes, ([participant, count]) => {
        const owned = Array.from({ length: count }, (_, lane) => {
          const owner = this.owners.get(`${participant}/${lane}`);
          return owner === undefined ? [] : [[lane, owner] as const];
        });
        return [participant, new Map(owned.flat())] as const;
      }),
    );
    return { self, present, owners };
  }
}

function keyOf({ participant, lane }: LaneOf): string {
  return `${participant}/${lane}`;
}

describe("lanes of processes", () => {
  it("are all of one that is alone", () => {
    expect(new Processes({ Order: 16 }).come("a").settle().counts("Order")).toEqual({ a: 16 });
  });

  it("are spread evenly when processes come and go, without a move that gains nothing", () => {
    const processes = new Processes({ Order: 16 }).come("b").settle().come("c").settle();
    expect(processes.counts("Order")).toEqual({ b: 8, c: 8 });
    expect(processes.moves).toBe(8);
    processes.come("a").settle();
    const three = Object.values(processes.counts("Order")).toSorted((a, b) => a - b);
    expect(three).toEqual([5, 5, 6]);
    expect(processes.moves).toBeLessThanOrEqual(14);
    expect(processes.go("c").settle().counts("Order")).toEqual({ a: 8, b: 8 });
    expect(processes.go("b").settle().counts("Order")).toEqual({ a: 16 });
  });

  it("are kept together for all participants of a process", () => {
    const processes = new Processes({ Order: 6, Kitchen: 6, Consumer: 6 }).come("a").settle();
    processes.come("b").settle().come("c").settle().go("a").settle();
    for (const name of ["b", "c"]) {
      expect(processes.ofProcess(name, "Order")).toHaveLength(3);
      expect(processes.ofProcess(name, "Kitchen")).toEqual(processes.ofProcess(name, "Order"));
      expect(processes.ofProcess(name, "Consumer")).toEqual(processes.ofProcess(name, "Order"));
    }
  });

  it("leave one lane where it is while its owner lives", () => {
    const processes = new Processes({ Order: 1 }).come("b").settle().come("a").settle();
    expect(processes.counts("Order")).toEqual({ a: 0, b: 1 });
    expect(processes.moves).toBe(0);
    expect(processes.go("b").settle().counts("Order")).toEqual({ a: 1 });
  });

  it("are shared among those that run the participant", () => {
    const processes = new Processes({ Order: 4, Kitchen: 4 }).come("a").come("b", ["Kitchen"]).settle();
    expect(processes.counts("Order")).toEqual({ a: 4 });
    expect(processes.counts("Kitchen")).toEqual({ a: 2, b: 2 });
  });
});
