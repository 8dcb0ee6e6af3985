// Modules that do not load, without waiting for them.
import { describe, expect, it } from "vitest";
import type { Clock } from "quadrille";
import { loadModule } from "./load-module.ts";

/** A clock by which everything is late at once. */
const late: Clock = { now: () => 0, steady: () => 0, sleep: () => Promise.resolve() };
/** A clock that stands still. */
const still: Clock = { ...late, sleep: () => new Promise(() => undefined) };
const load = (code: string, clock: Clock) =>
  loadModule({
    url: `data:text/javascript,${encodeURIComponent(code)}`,
    name: "saga.js",
    cwd: ".",
    clock,
    watchdog: () => () => undefined,
  });

describe("a module", () => {
  it("that never finishes loading is given up, in one sentence", async () => {
    await expect(load("await new Promise(() => undefined);", late)).rejects.toMatchObject({
      message:
        "saga.js did not finish loading within 10 s (--load-seconds): keep the choreography in a module of its own that only exports it, and start the program elsewhere.",
      exitCode: 2,
    });
  });

  it("that loads in time leaves no listener behind", async () => {
    const before = process.listenerCount("exit");
    expect([...(await load("export const one = 1;", still))]).toEqual([["one", 1]]);
    await expect(load("throw new Error('no oven\\nat all');", still)).rejects.toMatchObject({
      message: "saga.js cannot be loaded: no oven.",
    });
    expect(process.listenerCount("exit")).toBe(before);
  });
});
