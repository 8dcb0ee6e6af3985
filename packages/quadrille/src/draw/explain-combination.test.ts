// Ends and forbidden combinations are explained like other names.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../test/small-choreography.ts";
import { explainName, nameText } from "./explain-name.ts";

const contract = choreography(
  {
    A: { initial: "s", states: { s: { commands: { go: [{ to: "t" }] } }, t: {} } },
    B: { initial: "s", states: { s: {} } },
  },
  {
    ends: [end("done", { A: ["s", "t"], B: "s" }, { held: 0 })],
    forbidden: [{ name: "both", states: { A: "t", B: "s" } }],
  },
);

const textOf = (name: string): string => {
  const found = explainName(contract, name);
  return found === undefined ? "" : nameText(found);
};

describe("explainName", () => {
  it("knows an end: the states of each participant, and the tallies", () => {
    expect(explainName(contract, "done")).toEqual({
      kind: "end",
      name: "done",
      states: { A: ["s", "t"], B: ["s"] },
      tally: { held: 0 },
    });
    expect(textOf("done")).toBe("done (an end)\n  A in s or t\n  B in s\n  held is 0");
  });

  it("knows what is forbidden", () => {
    expect(textOf("both")).toBe("both (a forbidden combination)\n  A in t\n  B in s");
  });

  it("knows the end that is implied", () => {
    const { ends: _, ...open } = contract;
    const found = explainName({ ...open, ends: [end("gone", { A: "t" })] }, "nothing");
    expect(found === undefined ? "" : nameText(found)).toBe("nothing (an end)\n  A in s\n  B in s");
  });
});
