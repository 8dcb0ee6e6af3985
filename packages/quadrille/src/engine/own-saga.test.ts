// Outcomes for the saga that entered a shared entity's state: a handler that chooses another's is refused.
import { describe, expect, it } from "vitest";
import { memoryDatabase, startEngine } from "../index.ts";
import type { Service } from "../contract/handler.ts";
import { clear, open, opens, opensAll, station, take } from "../../test/locker-choreography.ts";

type Locked = typeof take | typeof open | typeof clear;

/** Sends commands for their sagas, one after another: the state after each, or why there is none. */
async function sent(code: Service, list: readonly (readonly [string, Locked])[]) {
  await using database = memoryDatabase();
  await using engine = await startEngine({ choreography: station, services: [code], database });
  const results: string[] = [];
  for (const [sagaId, what] of list) {
    const answer = await engine
      .send(what, { locker: "7" }, { sagaId })
      .catch((error: unknown) => String(error));
    if (typeof answer === "string") results.push(answer);
    else results.push(answer.status === "accepted" ? answer.state : answer.reason);
  }
  return results;
}

describe("a locker that sagas share", () => {
  it("is opened by the saga that took it, and by no other", async () => {
    const list = [
      ["A", take],
      ["B", open],
      ["A", open],
    ] as const;
    expect(await sent(opens, list)).toEqual(["TAKEN", "TAKEN", "OPEN"]);
  });

  it("is not a saga's own before one has entered a state, and it is the next one's afterwards", async () => {
    const list = [
      ["A", open],
      ["A", take],
      ["A", clear],
      ["A", open],
      ["B", open],
    ] as const;
    expect(await sent(opens, list.slice(0, 2))).toEqual(["FREE", "TAKEN"]);
    expect(await sent(opens, list)).toEqual(["FREE", "TAKEN", "FREE", "OPEN", expect.any(String)]);
  });

  it("refuses a handler that chooses another saga's outcome", async () => {
    expect(
      await sent(opensAll, [
        ["A", take],
        ["B", open],
        ["A", open],
      ]),
    ).toEqual([
      "TAKEN",
      expect.stringContaining(
        'outcome "mine" of open in TAKEN is for the saga that entered the state, which this is not',
      ),
      "OPEN",
    ]);
  });

  it("refuses a command that has no outcome for the saga, as any that its state does not list", async () => {
    expect(
      await sent(opens, [
        ["A", take],
        ["B", clear],
        ["A", clear],
      ]),
    ).toEqual(["TAKEN", expect.stringContaining("TAKEN"), "FREE"]);
  });
});
