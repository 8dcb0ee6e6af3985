// The board counts each order once, whichever is known first, its saga or its end; and it is shown in a line
// and a table.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Board, type FoundOrder, makeBoard } from "./board.ts";
import { percentile } from "./percentile.ts";
import { showProgress } from "./progress.ts";
import { speedometer } from "./speed.ts";
import { finalTable, progressLine } from "./text.ts";

const never = new AbortController().signal;
const found = (sagaId: string, end?: string, reason?: string): FoundOrder => ({
  sagaId,
  origin: "replay",
  end,
  reason,
});
const approved = (sagaId: string, durationMs?: number) => ({ sagaId, end: "approved", durationMs });
const rejected = (sagaId: string) => ({ sagaId, end: "rejected", durationMs: 5 });

/** A board on which some things happened. */
function busyBoard(): Board {
  const board = makeBoard([
    found("old"),
    found("old-1", "approved"),
    found("old-2", "approved"),
    found("old-3", "rejected", "card declined"),
  ]);
  for (const [number, id] of ["a", "b", "c", "d"].entries()) {
    board.placing("replay")(id);
    if (id !== "d") board.ended(id === "c" ? rejected(id) : approved(id, number * 10));
  }
  board.explain(board.takeUnexplained().map(() => "restaurant closed"));
  return board;
}

describe("the board", () => {
  it("adds to what was there before", () => {
    expect(busyBoard().view()).toEqual({
      placed: 8,
      throughApi: 0,
      approved: 4,
      rejected: 2,
      cancelled: 0,
      reasons: new Map([
        ["card declined", 1],
        ["restaurant closed", 1],
      ]),
      inFlight: 2,
      ended: 3,
      p50Ms: 5,
      p99Ms: 10,
    });
  });

  it("counts an order that waits for a person as in flight", () => {
    const board = makeBoard([]);
    board.placing("replay")("a");
    board.ended({ ...approved("a"), end: "waiting" });
    expect(board.view()).toMatchObject({ placed: 1, inFlight: 1, rejected: 0, ended: 0 });
    board.ended(approved("a"));
    expect(board.view()).toMatchObject({ approved: 1, inFlight: 0, ended: 1 });
  });

  it("counts an approved order that is cancelled as cancelled, whichever process reports it, and as placed once", () => {
    const board = makeBoard([]);
    for (const id of ["a", "b", "c"]) {
      board.placing("replay")(id);
      board.ended(approved(id));
    }
    board.ended({ ...approved("a"), end: "cancelled" });
    board.found([{ ...found("b", "cancelled") }, found("c", "approved")]);
    expect(board.view()).toMatchObject({ placed: 3, approved: 1, cancelled: 2, rejected: 0, ended: 3 });
    expect(board.takeUnexplained()).toEqual([]);
  });

  it("counts every order once in any order of what is heard of it, and however often", () => {
    const heard = fc.array(
      fc.constantFrom("a", "b", "c").chain((id) => fc.constantFrom(`+${id}`, `-${id}`, `?${id}`, `!${id}`)),
      {
        minLength: 6,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(heard, (news) => {
        const board = makeBoard([]);
        const placed = new Set<string>();
        const ended = new Set<string>();
        for (const one of news) {
          const id = one.slice(1);
          if (one.startsWith("+")) board.placing("replay")(id);
          else if (one.startsWith("-")) board.ended(approved(id));
          else board.found([found(id, one.startsWith("!") ? "approved" : undefined)]);
          // An end says nothing of who placed the order; the books and the caller do.
          if (!one.startsWith("-")) placed.add(id);
          if (one.startsWith("-") || one.startsWith("!")) ended.add(id);
        }
        const view = board.view();
        expect(view.placed).toBe(placed.size);
        expect(view.approved).toBe(placed.intersection(ended).size);
        expect(view.inFlight).toBe(placed.difference(ended).size);
      }),
    );
  });

  it("learns from the books of other processes' orders and of ends that came about there", () => {
    const board = makeBoard([]);
    board.placing("replay")("mine");
    board.placing("api")("guest");
    board.found([found("mine", "rejected", "card declined"), found("theirs", "approved"), found("new")]);
    board.ended(rejected("mine"));
    expect(board.view()).toMatchObject({
      placed: 4,
      throughApi: 1,
      approved: 1,
      rejected: 1,
      reasons: new Map([["card declined", 1]]),
      inFlight: 2,
    });
    expect(board.takeUnexplained()).toEqual([]);
    expect(["mine", "theirs", "new", "unknown"].map((id) => board.knows(id))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("gives the orders that have been in flight since it was asked last", () => {
    const board = makeBoard([found("a"), found("b")]);
    expect(board.lingering()).toEqual([]);
    board.ended(approved("a"));
    board.placing("replay")("c");
    expect(board.lingering()).toEqual(["b"]);
    expect(board.lingering()).toEqual(["b", "c"]);
  });

  it("takes an order back that was not placed", () => {
    const board = makeBoard([]);
    const known = board.placing("replay");
    expect(board.view().inFlight).toBe(1);
    known(undefined);
    expect(board.view()).toMatchObject({ placed: 0, inFlight: 0 });
  });

  it("lets those go on who wait for fewer orders in flight", async () => {
    const board = makeBoard([found("a"), found("b")]);
    const waiting = board.below(2, never).then(() => board.view().inFlight);
    board.ended(approved("a"));
    expect(await waiting).toBe(1);
    const stop = new AbortController();
    const hopeless = board.below(1, stop.signal);
    stop.abort();
    await hopeless;
  });
});

describe("the text", () => {
  const progress = { ...busyBoard().view(), ordersPerSecond: 12.4 };

  it("is one line that fits the terminal, the rarest reasons first to go", () => {
    expect(progressLine(progress, 200)).toBe(
      "placed 8  approved 4  rejected 2 (declined 1, closed 1)  in flight 2  p50 5.0 ms p99 10 ms  12 orders/s",
    );
    expect(progressLine(progress, 100)).toBe(
      "placed 8  approved 4  rejected 2 (declined 1, …)  in flight 2  p50 5.0 ms p99 10 ms  12 orders/s",
    );
    expect(progressLine(progress, 85)).toBe(
      "placed 8  approved 4  rejected 2 (…)  in flight 2  p50 5.0 ms p99 10 ms  12 orders/s",
    );
    expect(progressLine(progress, 20)).toHaveLength(20);
  });

  it("is a table in the end", () => {
    expect(finalTable(progress).split("\n")).toEqual([
      "  orders placed             8",
      "  approved                  4  50.0 %",
      "  rejected                  2  25.0 %",
      "    card declined           1  12.5 %",
      "    restaurant closed       1  12.5 %",
      "  cancelled                 0   0.0 %",
      "  in flight                 2",
      "  time to an end, p50  5.0 ms",
      "  time to an end, p99   10 ms",
      "  orders/s                 12",
    ]);
  });

  it("lists orders that came through the API apart", () => {
    const lines = finalTable({ ...progress, throughApi: 3 }).split("\n");
    expect(lines.slice(0, 2).map((line) => line.replaceAll(/\s+/g, " "))).toEqual([
      " orders placed 8",
      " through the API 3",
    ]);
  });

  it("has a dash where nothing was measured", () => {
    const empty = { ...makeBoard([]).view(), ordersPerSecond: 0 };
    expect(progressLine(empty, 200)).toContain("p50 - p99 -");
  });
});

describe("percentiles and speed", () => {
  it("take the nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0, 0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 99, 100]);
    expect(percentile([], 0.5)).toBeUndefined();
  });

  it("look at the last seconds only", () => {
    const speed = speedometer();
    expect(speed.note(0, 0)).toBe(0);
    expect(speed.note(1_000, 100)).toBe(100);
    for (let second = 2; second <= 20; second += 1) speed.note(second * 1_000, 100);
    expect(speed.note(21_000, 100)).toBe(0);
  });
});

describe("the display", () => {
  /** A screen in memory, and a display on it that draws once. */
  async function shown(isTTY: boolean): Promise<string> {
    const written: string[] = [];
    const { Writable } = await import("node:stream");
    const stream = new Writable({
      write: (chunk: Buffer, _, done) => {
        written.push(chunk.toString());
        done();
      },
    });
    const screen = Object.assign(stream, { isTTY, columns: 80 });
    const clock = {
      steady: () => 0,
      sleep: (_: number, signal: AbortSignal) =>
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    };
    const display = showProgress({ board: busyBoard(), reasonsOf: async () => [], clock, screen });
    await expect.poll(() => written.join("")).toContain("placed 8");
    await display.stop({ table: true });
    return written.join("");
  }

  it("writes plain lines where there is no terminal", async () => {
    const text = await shown(false);
    expect(text).not.toContain("\u001B");
    expect(text).toMatch(/^placed 8 .*orders\/s\n {2}orders placed/);
  });

  it("keeps to one line on a terminal and wipes it in the end", async () => {
    const text = await shown(true);
    expect(text).toContain("\r\u001B[2K");
    expect(text.split("\n")[0]?.endsWith("\r\u001B[2K  orders placed             8")).toBe(true);
  });
});
