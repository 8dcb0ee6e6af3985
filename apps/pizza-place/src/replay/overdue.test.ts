// Orders in flight for long are asked for, each once, and their ends reach the board.
import { expect, it } from "vitest";
import { makeBoard } from "./board.ts";
import { askForOverdue } from "./overdue.ts";

it("asks for an order that is in flight at two looks, and for none that has come to its end", async () => {
  const board = makeBoard([]);
  board.placing("replay")("slow");
  board.placing("replay")("quick");
  const stop = new AbortController();
  const asked: string[] = [];
  let looks = 0;
  const sleep = async (): Promise<void> => {
    await new Promise(setImmediate);
    looks += 1;
    if (looks === 1) board.ended({ sagaId: "quick", end: "approved", durationMs: 3 });
    if (looks === 4) stop.abort();
  };
  const ended = async (sagaId: string) => {
    asked.push(sagaId);
    return { sagaId, end: "approved", durationMs: 2_000 };
  };
  await askForOverdue({ board, ended, clock: { sleep } }, stop.signal);
  expect(asked).toEqual(["slow"]);
  expect(board.view()).toMatchObject({ placed: 2, approved: 2, inFlight: 0, p99Ms: 3 });
});

it("asks once for an order that takes its time, and lets it go when it is stopped", async () => {
  const board = makeBoard([{ sagaId: "stuck", origin: "replay", end: undefined, reason: undefined }]);
  const stop = new AbortController();
  let asked = 0;
  let looks = 0;
  const sleep = async (): Promise<void> => {
    looks += 1;
    if (looks === 5) stop.abort();
  };
  const ended = (_: string, signal: AbortSignal) => {
    asked += 1;
    return new Promise<undefined>((resolve) =>
      signal.addEventListener("abort", () => resolve(undefined), { once: true }),
    );
  };
  await askForOverdue({ board, ended, clock: { sleep } }, stop.signal);
  expect({ asked, view: board.view() }).toMatchObject({ asked: 1, view: { inFlight: 1 } });
});
