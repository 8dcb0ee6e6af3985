// Time is the database's: clocks that are wrong, differ or jump do not move a deadline.
import { describe, expect, it } from "vitest";
import type { Clock, LogLine } from "../ambient/ambient.ts";
import { virtualAmbient } from "../ambient/virtual.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import type { Database } from "../store/database.ts";
import { sharedClock } from "./shared-clock.ts";

const hour = 3_600_000;

/** A machine whose clock can be set; its steady clock goes on whatever happens to it. */
class Machine {
  steadyMs = 5_000;
  wrongBy: number;
  readonly log: LogLine[] = [];
  readonly clock: Clock = {
    now: () => 1_000_000_000 + this.steadyMs + this.wrongBy,
    steady: () => this.steadyMs,
    sleep: () => Promise.resolve(),
  };

  constructor(wrongBy = 0) {
    this.wrongBy = wrongBy;
  }

  async shares(database: Pick<Database, "time">): ReturnType<typeof sharedClock> {
    const ambient = { clock: this.clock, log: (line: LogLine) => void this.log.push(line) };
    return sharedClock(ambient, Object.assign(memoryDatabase(), database));
  }
}

describe("the time of an engine", () => {
  it("is the database's, whatever the machine's clock says", async () => {
    const machine = new Machine(hour);
    const shared = await machine.shares({ time: async () => 42_000 });
    expect(shared.now()).toBe(42_000);
    machine.steadyMs += 1_500;
    machine.wrongBy = -24 * hour;
    expect(shared.now()).toBe(43_500);
  });

  it("is one for two machines whose clocks differ", async () => {
    const database = memoryDatabase();
    const [right, ahead] = [new Machine(), new Machine(hour)];
    const [one, other] = [await right.shares(database), await ahead.shares(database)];
    expect(other.now()).toBe(one.now());
  });

  it("never runs back, and follows the database's clock with a word in the log", async () => {
    let time = 100_000;
    const machine = new Machine();
    const shared = await machine.shares({ time: async () => time });
    expect(shared.now()).toBe(100_000);
    time -= 500;
    await shared.renew();
    expect(shared.now()).toBe(100_000);
    expect(machine.log).toEqual([]);
    machine.steadyMs += 1_000;
    expect(shared.now()).toBe(100_500);
    time += hour;
    await shared.renew();
    expect(shared.now()).toBe(99_500 + hour);
    expect(machine.log.map(({ level, message }) => [level, message])).toEqual([
      ["warn", "The clock of memory moved by 3599000 ms. Deadlines are kept by it."],
    ]);
    time -= hour;
    await shared.renew();
    expect(shared.now()).toBe(99_500 + hour);
  });

  it("counts on while the database does not answer", async () => {
    let isAway = false;
    const machine = new Machine();
    const time = async (): Promise<number> => {
      if (isAway) throw new Error("away");
      return 7_000;
    };
    const shared = await machine.shares({ time });
    isAway = true;
    await shared.renew();
    machine.steadyMs += 250;
    expect(shared.now()).toBe(7_250);
  });

  it("is made up where the clock is virtual", async () => {
    const ambient = virtualAmbient();
    const shared = await sharedClock(ambient, Object.assign(memoryDatabase(), { time: async () => 1 }));
    expect(shared.now()).toBe(ambient.clock.now());
  });
});

describe("the time of a database inside a process", () => {
  it("goes on when the first clock is set back, and follows it forward as after a sleep", async () => {
    const database = memoryDatabase();
    const machine = new Machine();
    const began = await database.time(machine.clock);
    machine.wrongBy = -hour;
    machine.steadyMs += 1_000;
    expect(await database.time(machine.clock)).toBe(began + 1_000);
    machine.wrongBy = hour;
    expect(await database.time(machine.clock)).toBe(began + 1_000 + hour);
  });
});
