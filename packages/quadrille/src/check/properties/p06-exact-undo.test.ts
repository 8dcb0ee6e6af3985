// P6, exact undo: a lock within another's round returns to where it was taken; a life that goes on is no
// undo.
import { describe, expect, it } from "vitest";
import { lives } from "../../../test/lives.ts";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, EndJson, OutcomeJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";

/** What is no report. */
const found = (contract: ChoreographyJson): readonly string[] =>
  check(contract, { patches: false })
    .findings.filter(({ severity }) => severity !== "report")
    .map(({ severity, code, message }) => `${severity} ${code} ${message}`);

describe("a life that goes on", () => {
  it.each(Object.entries(lives))("is clean: %s", (_, life) => {
    expect(found(life)).toEqual([]);
  });

  it.each(Object.entries(lives))("is not refused where one end allows everything: %s", (_, life) => {
    const asked = found({ ...life, ends: [end("any", {})] });
    expect(asked.filter((text) => !text.startsWith("warning P6"))).toEqual([]);
  });
});

describe("A asks to cancel and is refused", () => {
  const live = [end("live", { A: "live" })];
  const perState = [end("new", { A: "live", B: "new" }), end("accepted", { A: "live", B: "accepted" })];

  /** B takes a lock, and is refused together with A. */
  const locks = (back: string, ends: readonly EndJson[]): ChoreographyJson =>
    choreography(
      {
        A: {
          initial: "live",
          states: {
            live: { commands: { cancel: [{ to: "cancelling", emit: ["CancelAsked"] }] } },
            cancelling: { lock: true, on: { Refused: [{ to: "live", emit: ["CancelRejected"] }] } },
          },
        },
        B: {
          initial: "new",
          states: {
            new: { commands: { accept: [{ to: "accepted" }] }, on: { CancelAsked: "defer" } },
            accepted: { on: { CancelAsked: [{ to: "locked", emit: ["Refused"] }] } },
            locked: { lock: true, on: { CancelRejected: [{ to: back }] } },
          },
        },
      },
      { ends },
    );

  const taken: OutcomeJson = { choice: "yes", to: "locked", emit: ["Refused"] };

  /** B may refuse by itself, instead of taking its lock. */
  const refuses = (to: string, ends: readonly EndJson[], instead = [taken]): ChoreographyJson => {
    const whole = locks("accepted", ends);
    const { B = { initial: "new", states: {} } } = whole.participants;
    const accepted = { on: { CancelAsked: [...instead, { choice: "no", to, emit: ["Refused"] }] } };
    return {
      ...whole,
      participants: { ...whole.participants, B: { ...B, states: { ...B.states, accepted } } },
    };
  };

  const p6 = (contract: ChoreographyJson) => found(contract).filter((text) => text.includes("P6"));

  it("a lock is asked for that leads elsewhere than to where it was taken", () => {
    expect(p6(locks("accepted", live))).toEqual([]);
    expect(p6(locks("new", live))).toEqual([
      "warning P6 B takes the lock locked in accepted; on CancelRejected A is back in live, but B is in new, and no end distinguishes new from accepted",
    ]);
  });

  it("so is a refusal that moves the one who refuses", () => {
    expect(p6(refuses("accepted", live))).toEqual([]);
    expect(p6(refuses("new", live))).toEqual([
      "warning P6 B answers CancelAsked in accepted with Refused; A is back in live, but B is in new, and no end distinguishes new from accepted",
    ]);
  });

  it("a party that takes no lock answers with what it has done", () => {
    expect(p6(refuses("new", live, []))).toEqual([]);
  });

  it.each([locks, refuses])("ends for each of the two states say that it is meant", (contract) => {
    expect(p6(contract("new", perState))).toEqual([]);
  });
});
