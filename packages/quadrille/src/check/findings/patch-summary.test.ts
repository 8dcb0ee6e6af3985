// What suggested patches come to: one is tried beside the errors that stand there, which may hide what it
// leaves.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ParticipantJson } from "../../contract/json-form.ts";
import { resolveBound } from "../model/bound.ts";
import { check } from "../check.ts";
import { suggestPatches } from "./patch.ts";

/** Off may come to both before what it calls off; one that is stopped hides what becomes of the other. */
const catering = (): ReturnType<typeof choreography> => {
  const taker = (
    off: ParticipantJson["states"][string],
    tally?: { readonly menus: number },
  ): ParticipantJson => ({
    initial: "none",
    states: {
      none: { on: { Wanted: [{ to: "busy", ...(tally === undefined ? {} : { tally }) }] } },
      busy: off,
      free: {},
    },
  });
  return choreography(
    {
      Party: {
        initial: "none",
        states: {
          none: {
            commands: { book: [{ to: "booked", emit: ["Wanted"] }], drop: [{ to: "off", emit: ["Off"] }] },
          },
          booked: { commands: { cancel: [{ to: "off", emit: ["Off"] }] } },
          off: {},
        },
      },
      Staff: taker({ on: { Off: [{ to: "free" }] } }),
      Food: taker({ on: { Off: [{ to: "free", tally: { menus: -1 } }] } }, { menus: 1 }),
    },
    {
      ends: [
        end("held", { Party: "booked", Food: "busy" }, { menus: 1 }),
        end("off", { Party: "off" }, { menus: 0 }),
      ],
    },
  );
};

describe("suggested patches", () => {
  it("are judged together, too, so that none hides what another leaves", () => {
    const { findings, patches } = check(catering());
    expect(findings.flatMap(({ patch }) => patch?.leaves ?? [])).toEqual([
      { errors: 1, fresh: [] },
      { errors: 1, fresh: [] },
    ]);
    expect(patches).toEqual({
      together: {
        errors: 1,
        fresh: ["P3a Off waits for ever: Food rests in none and defers it"],
      },
      untried: 0,
    });
  });

  it("come to nothing more where there is one", () => {
    const { Staff: _, ...participants } = catering().participants;
    expect(check({ ...catering(), participants }).patches).toBeUndefined();
  });

  it("say for how many findings the steps for patches were used up", () => {
    const contract = catering();
    const repairOf = (participant: string) =>
      ({ kind: "say", participant, state: "none", event: "Off" }) as const;
    const findings = ["Staff", "Food"].map((name) => ({
      code: "P2" as const,
      severity: "error" as const,
      message: name,
      at: `/participants/${name}/states/none/on/Off`,
      path: [],
      repair: repairOf(name),
    }));
    const judge = () => ({ errors: findings, transitions: 3_000_000 });
    const bound = resolveBound({}, contract);
    expect(suggestPatches(contract, bound, { findings, judge, states: 1 }).patches).toEqual({ untried: 2 });
  });

  it("ignore a request with a word of where it is acted on, though the state has no work", () => {
    const marking = choreography(
      {
        Script: {
          initial: "none",
          states: {
            none: { commands: { handIn: [{ to: "FIRST", emit: ["MarkWanted"] }] } },
            FIRST: { lock: true, on: { Mark: [{ to: "MARKED" }] } },
            MARKED: { commands: { appeal: [{ to: "AGAIN", emit: ["MarkWanted"] }] } },
            AGAIN: { on: { Mark: [{ to: "MARKED" }] } },
          },
        },
        Chief: {
          initial: "none",
          states: {
            none: { on: { MarkWanted: [{ to: "HAS", tally: { marks: 1 } }] } },
            HAS: { lock: true, deadlines: { aDay: [{ to: "DONE", emit: ["Mark"] }] } },
            DONE: {},
          },
        },
      },
      { ends: [end("marked", { Script: ["MARKED", "AGAIN"], Chief: "DONE" }, { marks: 1 })] },
    );
    const patch = check(marking).findings.find(({ code }) => code === "P1")?.patch;
    expect([patch?.why, patch?.loses]).toEqual([
      "ignore: MarkWanted is lost in DONE, though Chief acts on it in none",
      true,
    ]);
  });
});
