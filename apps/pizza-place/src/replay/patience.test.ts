// What passes by itself is waited out with growing pauses, and the operator hears of it once.
import { QuadrilleError } from "quadrille";
import { describe, expect, it } from "vitest";
import { makePatience } from "./patience.ts";

const never = new AbortController().signal;
const away = new QuadrilleError("Q_STORE_UNREACHABLE", "The database is in recovery mode.", {
  retryable: true,
});

/** Patience whose pauses pass at once and are written down. */
function patient() {
  const lines: string[] = [];
  const pauses: number[] = [];
  const sleep = async (delayMs: number): Promise<void> => void pauses.push(delayMs);
  return {
    lines,
    pauses,
    patience: makePatience({ clock: { sleep }, say: (text) => void lines.push(text) }),
  };
}

/** Work that fails as often as asked. */
function failing(times: number, error: Error): () => Promise<string> {
  let left = times;
  return async () => {
    left -= 1;
    if (left >= 0) throw error;
    return "done";
  };
}

describe("patience", () => {
  it("repeats what fails for a while, after growing pauses, and says so once", async () => {
    const { patience, lines, pauses } = patient();
    expect(await patience(failing(7, away), never)).toBe("done");
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000]);
    expect(lines).toEqual([
      "The replay waits and goes on by itself. The database is in recovery mode.",
      "The replay goes on.",
    ]);
  });

  it("says it once for many calls, and that it goes on when the last of them has succeeded", async () => {
    const { patience, lines } = patient();
    await Promise.all([1, 5, 3].map((times) => patience(failing(times, away), never)));
    expect(lines).toHaveLength(2);
    await patience(failing(1, away), never);
    expect(lines).toHaveLength(4);
  });

  it("says nothing of too many commands, which is every day's business", async () => {
    const { patience, lines, pauses } = patient();
    await patience(failing(3, new QuadrilleError("Q_OVERLOADED", "Too many commands wait.")), never);
    expect({ lines, pauses }).toEqual({ lines: [], pauses: [50, 50, 50] });
  });

  it("has none with errors that do not pass", async () => {
    const { patience, pauses } = patient();
    const drifted = new QuadrilleError("Q_SCHEMA_DRIFTED", "The tables are not as they were.");
    for (const error of [drifted, new TypeError("a mistake")]) {
      await expect(patience(failing(1, error), never)).rejects.toBe(error);
    }
    expect(pauses).toEqual([]);
  });

  it("ends when it is stopped, and does not report what stopping refuses", async () => {
    const { patience, lines, pauses } = patient();
    const stop = new AbortController();
    const work = async (): Promise<string> => {
      stop.abort();
      throw away;
    };
    expect(await patience(work, stop.signal)).toBeUndefined();
    expect(await patience(failing(0, away), stop.signal)).toBeUndefined();
    expect({ lines, pauses }).toEqual({ lines: [], pauses: [] });
  });
});
