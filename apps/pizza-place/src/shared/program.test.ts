// A program runs where it is called, not where it is imported. What it says when it fails: a sentence for
// what has a code, the program's own trace for the rest, never a source.
import { QuadrilleError } from "quadrille";
import { describe, expect, it } from "vitest";
import { auditPlace } from "../programs/audit/audit-place.ts";
import { changeOrder } from "../programs/order/change-order.ts";
import { failureOf } from "./program.ts";
import { startPlace } from "../programs/start/start-place.ts";
import { UserError } from "./user-error.ts";

const cause = new Error("(()=>{var minified=1})()");

describe("a program that fails", () => {
  it("says the sentence of a mistake, with its exit code", () => {
    expect(failureOf(new UserError("Do it otherwise.", 2))).toEqual({
      text: "Do it otherwise.",
      exitCode: 2,
    });
  });

  it("says only the message of an error with a code", () => {
    const ofLibrary = new QuadrilleError("Q_STORE_FAILED", "The data cannot be opened.", { cause });
    expect(failureOf(ofLibrary)).toEqual({ text: "The data cannot be opened.", exitCode: 1 });
    const ofSystem = Object.assign(new Error("ENOSPC: no space left on device", { cause }), {
      code: "ENOSPC",
    });
    expect(failureOf(ofSystem)).toEqual({ text: "ENOSPC: no space left on device", exitCode: 1 });
  });

  it("gives the trace of an error of its own, without the cause", () => {
    const { text, exitCode } = failureOf(new TypeError("this is a mistake of ours", { cause }));
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^TypeError: this is a mistake of ours\n +at .*program\.test\.ts/);
    expect(text).not.toContain("minified");
  });

  it("says what it can of something that is no error", () => {
    expect(failureOf({ name: "ExitStatus", message: "Program terminated with exit(1)" })).toEqual({
      text: "Program terminated with exit(1)",
      exitCode: 1,
    });
    expect(failureOf("no more")).toEqual({ text: "no more", exitCode: 1 });
  });
});

it.each([
  ["npm start", startPlace],
  ["npm run audit", auditPlace],
  ["npm run order", changeOrder],
])(
  "%s can be imported, and reads the arguments that it is given, not those of the process",
  async (_, run) => {
    await expect(run(["--speed", "9"])).rejects.toThrow(
      expect.objectContaining({
        message: "Unknown option '--speed': --help lists the options.",
        exitCode: 2,
      }),
    );
  },
);
