// Ends may overlap: each that matches counts, whatever their order.
import { expect, it } from "vitest";
import { choreography, end, nothing } from "../../../test/small-choreography.ts";
import { check } from "../check.ts";

const goes = {
  A: { initial: "s", states: { s: { commands: { go: [{ to: "t", tally: { held: 1 } }] } }, t: {} } },
  B: { initial: "p", states: { p: {} } },
};
const wide = end("wide", { A: "t" });
const narrow = end("narrow", { A: "t", B: "p" });

it.each([[[wide, narrow]], [[narrow, wide]]])("counts every end that matches", (both) => {
  const report = check(choreography(goes, { ends: [nothing, ...both] }));
  expect(new Map(report.ends.map(({ name, states }) => [name, states]))).toEqual(
    new Map([
      ["nothing", 1],
      ["wide", 1],
      ["narrow", 1],
    ]),
  );
  expect(report.findings).toEqual([]);
});

it("an end that matches but for its tally does not count beside one that matches", () => {
  const ends = [nothing, end("wrong", { A: "t" }, { held: 2 }), end("right", { A: "t" }, { held: 1 })];
  const { findings } = check(choreography(goes, { ends }));
  expect(findings.map(({ message }) => message)).toEqual(["the end wrong is never reached"]);
});

it("a saga that comes back to its beginning has to undo what it counted, though no end says so", () => {
  const till = (undone: object) => ({
    Till: {
      initial: "none",
      states: {
        none: { commands: { pay: [{ to: "PAID", tally: { held: 1 } }] } },
        PAID: { commands: { cancel: [{ to: "none", ...undone }] } },
      },
    },
  });
  const options = { ends: [end("paid", { Till: "PAID" }, { held: 1 })], commands: { pay: 1, cancel: 1 } };
  const [found] = check(choreography(till({}), options)).findings;
  expect(found).toMatchObject({ code: "P6", message: expect.stringContaining("held") as unknown });
  expect(check(choreography(till({ tally: { held: -1 } }), options)).findings).toEqual([]);
});
