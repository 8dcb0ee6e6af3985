// A signal stops the process: in good order, at once, or at last when its time is over.
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { virtualAmbient } from "quadrille/testing";
import { onStopSignals } from "./stopping.ts";

function running() {
  const ambient = virtualAmbient();
  const [printed, exits]: [string[], number[]] = [[], []];
  const program = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
  const { signal, off } = onStopSignals({
    program,
    clock: ambient.clock,
    say: (text) => void printed.push(text),
  });
  const pass = async (byMs: number): Promise<void> => {
    ambient.advance(byMs);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { program, signal, off, pass, printed, exits };
}

describe("a stop", () => {
  it.each(["SIGINT", "SIGTERM"])(
    "is asked for by %s, and ends the process after ten seconds at most",
    async (name) => {
      const { program, signal, pass, exits } = running();
      program.emit(name);
      expect(signal.aborted).toBe(true);
      await pass(9_000);
      expect(exits).toEqual([]);
      await pass(1_000);
      expect(exits).toEqual([130]);
    },
  );

  it("in good order ends nothing by itself", async () => {
    const { program, off, pass, exits } = running();
    program.emit("SIGTERM");
    off();
    await pass(60_000);
    program.emit("SIGTERM");
    expect(exits).toEqual([]);
  });

  it("is at once at the second signal", () => {
    const { program, printed, exits } = running();
    program.emit("SIGINT");
    program.emit("SIGTERM");
    expect(exits).toEqual([130]);
    expect(printed).toEqual(["Stopped at once. Nothing that was committed is lost."]);
  });
});
