// A command sent to a process that does not own its lane takes effect once, whichever of the two processes
// ends, and wherever. Every request to the store is tried, one at a time.
import { describe, expect, it } from "vitest";
import { add, counting, countingServices } from "../../../test/counter-choreography.ts";
import { World } from "../../../test/engine-world.ts";
import { type Fault, faultyDatabase, type Process, processOf } from "../../../test/faulty-database.ts";
import { localOwners } from "../../store/local-owners.ts";
import type { Owner, Owners } from "../../store/owners.ts";
import type { Engine } from "../message/api.ts";

/** Two processes on one database. */
class Two {
  readonly here = new World({ choreography: counting, services: countingServices() });
  readonly #owners = localOwners();
  readonly #sessions = new Map<Process, Owner>();

  /** Starts an engine in a process, whose session ends with it. */
  start(process: Process): Promise<Engine> {
    const owners: Owners = {
      join: (setup) => {
        const owner = this.#owners.join(setup);
        this.#sessions.set(process, owner);
        return owner;
      },
    };
    return this.here.start({ database: { ...faultyDatabase(this.here.database, process.fault), owners } });
  }

  /** What the server does when a process has ended. */
  endSessions(): void {
    for (const [process, owner] of this.#sessions) if (process.crashed()) void owner.leave();
  }

  async effects(): Promise<number> {
    const rows = await (await this.here.store("till")).reactions(0, 0, 9);
    return rows.filter(({ trigger }) => trigger === "add").length;
  }
}

/** A process that ends at its `nth` request from now on; `after` it or before. */
function endingAt(nth: number, when: "before" | "after"): Process & { begin(): void; asked(): number } {
  let asked = Number.NEGATIVE_INFINITY;
  const fault: Fault = async ({ phase }) => {
    if (phase === when) asked += 1;
    if (phase === when && asked === nth) process.crash();
  };
  const process = processOf(fault);
  return { ...process, begin: () => (asked = 0), asked: () => asked };
}

interface Tried {
  readonly two: Two;
  readonly ending: ReturnType<typeof endingAt>;
  readonly answer: string | undefined;
}

/** One command through the process that does not own the lane, while the owner or the caller ends. */
async function trial(who: "owner" | "caller", nth: number, when: "before" | "after"): Promise<Tried> {
  const two = new Two();
  const ending = endingAt(nth, when);
  const other = processOf();
  await two.start(who === "owner" ? ending : other);
  const caller = await two.start(who === "owner" ? other : ending);
  await two.here.pass(100);
  ending.begin();
  let answer: string | undefined;
  caller.send(add, { amount: 1 }, { sagaId: "s" }).then(
    ({ status }) => (answer = status),
    (error: unknown) => (answer = String(error)),
  );
  for (let turns = 0; turns < 40; turns += 1) {
    await two.here.pass(100);
    two.endSessions();
  }
  return { two, ending, answer };
}

describe.each(["before", "after"] as const)("a process that ends %s a request", (when) => {
  it("of the owner's leaves the command to the next owner, which answers it", async () => {
    let tried = 0;
    for (let nth = 1; nth <= 30; nth += 1) {
      const { two, ending, answer } = await trial("owner", nth, when);
      expect([nth, answer, await two.effects()]).toEqual([nth, "accepted", 1]);
      if (ending.crashed()) tried += 1;
      two.here.abandon();
    }
    expect(tried).toBeGreaterThan(5);
  });

  it("of the caller's has sent the command, which takes effect once, or has not", async () => {
    const effects = new Set<number>();
    for (let nth = 1; nth <= 12; nth += 1) {
      const { two, ending, answer } = await trial("caller", nth, when);
      const done = await two.effects();
      effects.add(done);
      expect(done).toBeLessThanOrEqual(1);
      if (answer !== undefined) expect([answer, done]).toEqual(["accepted", 1]);
      expect(answer !== undefined || ending.crashed()).toBe(true);
      two.here.abandon();
    }
    expect(effects).toContain(1);
  });
});
