// Patches of an entity that sagas share: what is final stays final, and who stays leaves no tombstone.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, ParticipantJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";
import type { Patch } from "../model/finding.ts";

describe("a patch of an entity that sagas share", () => {
  /** A licence that is lent for a day; it may be given back after that, or after it was retired. */
  const lending = (retired: ParticipantJson["states"][string]): ChoreographyJson => {
    const user: ParticipantJson = {
      initial: "none",
      states: {
        none: { commands: { borrow: [{ to: "asked", emit: ["Wanted"] }] } },
        asked: { lock: true, on: { Lent: [{ to: "using" }], Refused: [{ to: "out" }] } },
        using: {
          on: { TakenBack: [{ to: "out" }] },
          commands: { giveBack: [{ to: "out", emit: ["Returned"] }] },
        },
        out: { on: { TakenBack: "ignore" } },
      },
    };
    const licence: ParticipantJson = {
      initial: "free",
      keyed: true,
      states: {
        free: {
          on: { Wanted: [{ to: "lent", emit: ["Lent"] }] },
          commands: { retire: [{ to: "retired" }] },
        },
        lent: {
          on: { Wanted: [{ to: "lent", emit: ["Refused"] }], Returned: [{ to: "free" }] },
          commands: { retire: [{ to: "retired" }] },
          deadlines: { day: [{ to: "free", emit: ["TakenBack"] }] },
        },
        retired,
      },
    };
    return choreography(
      { User: user, Licence: licence },
      { ends: [end("using", { User: "using" }), end("out", { User: "out" })] },
    );
  };
  const patchIn = (state: string, contract: ChoreographyJson): Patch | undefined =>
    check(contract).findings.find(({ at }) => at === `/participants/Licence/states/${state}/on/Returned`)
      ?.patch;
  const retired = { on: { Wanted: [{ to: "retired", emit: ["Refused"] }] } };

  it("does not lead out of a state that nothing leads out of", () => {
    expect(patchIn("retired", lending(retired))?.operations[0]?.value).toBe("ignore");
  });

  it("answers there as the states do that stay", () => {
    const answered = lending({ commands: { audit: [{ to: "retired" }] } });
    const found = check(answered).findings.find(({ at }) => at.endsWith("/retired/on/Wanted"));
    expect(found?.patch?.operations[0]?.value).toEqual([{ to: "retired", emit: ["Refused"] }]);
  });

  it("is no tombstone where the entity stays", () => {
    expect(patchIn("free", lending(retired))?.why).not.toContain("tombstone");
  });
});
