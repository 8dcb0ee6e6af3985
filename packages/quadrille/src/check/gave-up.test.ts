// A call that is given up is one more way in which an activity comes back: in the contract, the model and all
// that is made of them.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { buy, cardSaga } from "../../test/card-choreography.ts";
import { World } from "../../test/engine-world.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { parseChoreography } from "../contract/json/parse-json.ts";
import { toJson } from "../contract/json/to-json.ts";
import { wellFormed } from "../contract/rules/well-formed.ts";
import { NonRetryableError } from "../errors.ts";
import { scenario } from "../testing/scenario.ts";
import { scriptedServices } from "../testing/scripted.ts";
import { check } from "./check.ts";
import { explainEvent, explanationText } from "../draw/explain.ts";
import { coveringPaths } from "./explore/reachable.ts";
import { story } from "./findings/story.ts";
import { toStateDiagram } from "../draw/state-diagram.ts";

const without = toJson(cardSaga({ saysGaveUp: false }));
const saga = cardSaga({ saysGaveUp: true });
const json = toJson(saga);

describe("a call that may be given up", () => {
  it("is an outcome of its activity in the JSON form, and comes back from there", () => {
    expect(json.participants["Payment"]?.states["CHARGING"]?.activities).toEqual({
      charge: [
        { to: "PAID", emit: ["Paid"], choice: "ok" },
        { to: "REFUSED", emit: ["Declined"], choice: "declined" },
        { to: "REFUSED", emit: ["Declined"], choice: "gave up", gaveUp: true },
      ],
    });
    expect(parseChoreography(json)).toEqual({ ok: true, choreography: json });
    expect(toJson(fromJson(json))).toEqual(json);
    expect(wellFormed(saga)).toEqual([]);
  });

  it.each([
    ["elsewhere", { on: { E: [{ to: "s", gaveUp: true }] } }, "only a call of an activity can be given up"],
    [
      "alone",
      { activities: { a: [{ to: "s", gaveUp: true }] } },
      "says what happens when a is given up, and does not call it",
    ],
    [
      "as no",
      { activities: { a: [{ to: "s", gaveUp: false }] } },
      "must be true or absent, not the boolean false",
    ],
    [
      "under a name that is an answer's",
      {
        activities: {
          a: [
            { to: "s", choice: "gave up" },
            { to: "s", gaveUp: true },
          ],
        },
      },
      "A in s has two outcomes of a called gave up",
    ],
  ])("is refused in the JSON form %s", (_, s, message) => {
    const read = parseChoreography({ participants: { A: { initial: "s", states: { s } } } });
    expect(read.ok ? [] : read.problems.map((one) => one.message)).toContainEqual(
      expect.stringContaining(message),
    );
  });

  it("is explored: where the contract says nothing, a report shows the way to the dead letter", () => {
    const open = check(without);
    expect(open.findings.filter(({ severity }) => severity !== "report")).toEqual([]);
    const [found, ...others] = open.findings.filter(({ code }) => code === "P17");
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      severity: "report",
      at: "/participants/Payment/states/CHARGING/activities/charge",
      path: [{ trigger: "buy" }, { trigger: "StockTaken", to: "CHARGING" }],
    });
    const report = check(json);
    expect(report.findings.map(({ code }) => code)).not.toContain("P17");
    expect({ states: report.states, transitions: report.transitions }).toEqual({
      states: open.states,
      transitions: open.transitions + 1,
    });
  });

  it("shows what is not compensated: a gave-up outcome that keeps silent leaves its partner locked", () => {
    const silent = structuredClone(json) as unknown as {
      participants: Record<
        string,
        { states: Record<string, { activities?: Record<string, { emit?: string[] }[]> }> }
      >;
    };
    delete silent.participants["Payment"]?.states["CHARGING"]?.activities?.["charge"]?.[2]?.emit;
    const report = check(silent as unknown as typeof json);
    const locked = report.findings.find(({ code }) => code === "P5");
    expect(story(locked?.path ?? [])).toBe(
      [
        "1. Stock receives buy: none → TAKEN, publishes StockTaken #1 to Payment",
        "2. Payment takes StockTaken #1: none → CHARGING",
        "3. Payment gives charge up: CHARGING → REFUSED",
      ].join("\n"),
    );
  });

  it("is drawn and explained", () => {
    expect(toStateDiagram(json, "Payment")).toContain("charge [gave up] / Declined");
    const declined = explainEvent(json, "Declined");
    expect(declined === undefined ? "" : explanationText(declined)).toContain(
      "Payment in CHARGING, on charge (gave up), going to REFUSED",
    );
  });

  it("is replayed by a scenario, and by the engine", async () => {
    const paths = coveringPaths(json).filter((path) => path.some(({ gaveUp }) => gaveUp === true));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) {
      expect(await scenario(path, { choreography: saga })).toMatchObject({ confirmed: true });
    }
    const call = (): Promise<never> => Promise.reject(new NonRetryableError("closed"));
    const services = scriptedServices(saga, { choose: ({ outcomes }) => outcomes[0] ?? "", call });
    await using here = new World({ choreography: saga, services });
    const engine = await here.start();
    const { sagaId } = await engine.send(buy);
    await here.pass(1_000);
    expect((await engine.saga(sagaId).ended({ signal: soon() }))?.end).toBe("back");
    expect(await here.audit()).toEqual([]);
  });
});
