// Lines in a module's text: found where the text shows them, and unknown where it does not.
import { describe, expect, it } from "vitest";
import { importsOf, moduleLines } from "./module-lines.ts";

const text = `import { Paid as money } from "./events.ts";
// participant("Ghost", { states: { none: [] } })
const order = participant("Order", {
  entity: "Order", // "CLOSED": is no state here
  initial: "none",
  states: {
    none: [on(place, { ok: to("OPEN").emits(Paid), CLOSED: to("CLOSED") })],
    OPEN: lock([
      on(Paid, to("CLOSED")), ignore(Late),
      after("3d", to("CLOSED"), "runs out"),
    ]),
    "CLOSED": [],
  },
});
const [shop, bank] = ["Shop", "Bank"].map((name) => participant(name, { states: {} }));
const till = participant("Till", { ...head, states: tillStates });
const a = participant("Twice", { states: { s: [] } });
const b = participant("Twice", { states: { s: [] } });
`;

describe("the lines of a module", () => {
  const lines = moduleLines(text);

  it("are those of participants, states and sentences", () => {
    expect(Object.fromEntries(lines)).toMatchObject({
      "/participants/Order": 3,
      "/participants/Order/states/none": 7,
      "/participants/Order/states/none/commands/place": 7,
      "/participants/Order/states/OPEN": 8,
      "/participants/Order/states/OPEN/on/Paid": 9,
      "/participants/Order/states/OPEN/on/Late": 9,
      "/participants/Order/states/OPEN/deadlines/runs out": 10,
      "/participants/Order/states/CLOSED": 12,
      "/participants/Till": 16,
    });
  });

  it("are unknown where the text does not show them, or shows two", () => {
    const participants = new Set([...lines.keys()].map((at) => at.split("/")[2]));
    expect([...participants]).toEqual(["Order", "Till"]);
    expect([...lines.keys()].filter((at) => at.startsWith("/participants/Till/"))).toEqual([]);
    expect(lines.has("/participants/Order/states/none/on/Paid")).toBe(false);
  });

  it.each(["", "participant(", 'participant("A", {', 'participant("A", { states: { s: [', "`${", "'", "/*"])(
    "are read from any text: %j",
    (odd) => {
      expect(moduleLines(odd)).toBeInstanceOf(Map);
    },
  );

  it("follow what is imported from the project itself", () => {
    expect(importsOf(`${text}import { z } from "zod"; export * from '../more.ts';`)).toEqual([
      "./events.ts",
      "../more.ts",
    ]);
  });
});
