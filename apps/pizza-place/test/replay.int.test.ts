// A replay whose calls fail for a while, through the real engine on both databases: every order is placed
// once and ends.
import { QuadrilleError, systemAmbient } from "quadrille";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replayKey } from "../src/composition/books.ts";
import { makePatience } from "../src/replay/patience.ts";
import { replay } from "../src/replay/replay.ts";
import { settledAudit, untilEnded } from "../src/programs/start/settle.ts";
import { databases, startWorld, type TestWorld } from "./world.ts";

const away = new QuadrilleError("Q_STORE_UNREACHABLE", "The database is in recovery mode.", {
  retryable: true,
});

/** Lets the first calls fail, each after it has had its effect: the answer was lost. */
function losesAnswers(times: number): <T>(answer: Promise<T>) => Promise<T> {
  let left = times;
  return async (answer) => {
    const value = await answer;
    left -= 1;
    if (left >= 0) throw away;
    return value;
  };
}

for (const kind of databases) {
  describe(`a replay on ${kind} that loses answers`, () => {
    let world: TestWorld;
    beforeAll(async () => {
      world = await startWorld(kind);
    });
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });

    it("places every order once, counts it once, and its books agree", async () => {
      const { system } = world;
      const { board, books, place } = system;
      const ambient = systemAmbient();
      const lines: string[] = [];
      const sleep = (_: number, signal: AbortSignal) => ambient.clock.sleep(20, signal);
      const patience = makePatience({ clock: { sleep }, say: (text) => void lines.push(text) });
      const stop = new AbortController().signal;
      const [lostReads, lostSends, lostAudits] = [losesAnswers(2), losesAnswers(40), losesAnswers(1)];
      const result = await replay(
        {
          placedBefore: (references) => lostReads(books.placedBefore(references)),
          place: async (order) => {
            const answer = await lostSends(
              place.placeOrder(order, { idempotencyKey: replayKey(order.reference) }),
            );
            return answer.status === "accepted" && !answer.repeated;
          },
          below: (count, signal) => board.below(count, signal),
          patience,
          clock: ambient.clock,
        },
        { orders: system.year.slice(0, 100), rate: "max", inFlightMax: 30 },
        stop,
      );
      expect(result).toEqual({ placed: 100, skipped: 0 });

      const waiting = { ambient, patience, isShared: true, stop };
      await untilEnded(system, waiting, () => {});
      expect(board.view()).toMatchObject({ placed: 100, throughApi: 0, inFlight: 0 });
      const lossy = {
        ...books,
        audit: (rules: Parameters<typeof books.audit>[0]) => lostAudits(books.audit(rules)),
      };
      const report = await settledAudit({ ...system, books: lossy }, waiting);
      expect(report).toMatchObject({ green: true, orders: 100, live: 0 });
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.at(-1)).toBe("The replay goes on.");
    });
  });
}
