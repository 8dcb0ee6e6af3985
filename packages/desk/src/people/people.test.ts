// Action items, demands and relations move as their states allow; scores, orders and due times are as they
// should be.
import { describe, expect, it } from "vitest";
import { defaultSettings } from "../settings.ts";
import { type ActionItem, byDue, isOverdue, statusText, takeActionStep } from "./action.ts";
import {
  answerDemand,
  byScore,
  type Demand,
  scoreDemand,
  scoreOf,
  type Scores,
  settleDemand,
} from "./demand.ts";
import { matrixSvg, matrixText, quadrantOf } from "./matrix.ts";
import {
  contactDue,
  dueStakeholders,
  recordContact,
  relationState,
  type Stakeholder,
} from "./stakeholder.ts";

const taking = { at: "2026-11-26T10:00:00Z", by: "lead" };
const item: ActionItem = {
  schema: "quadrille-desk/action/1",
  id: "bound-the-queue",
  description: "Bound the queue",
  owner: "kitchen-lead",
  due: "2026-12-11",
  priority: "high",
  state: "OPEN",
  history: [],
};

describe("an action item", () => {
  const claimed = takeActionStep(item, { did: "claim", ...taking, by: "kitchen-lead" });

  it("is done when a second person verified it", () => {
    expect(() => takeActionStep(claimed, { did: "verify", ...taking, by: "kitchen-lead" })).toThrow(
      "bound-the-queue is verified by a second person, not by kitchen-lead: use --by.",
    );
    const verified = takeActionStep(claimed, { did: "verify", ...taking });
    expect([item, claimed, verified].map(({ state }) => statusText(state))).toEqual([
      "Not Started",
      "Completed, to be verified",
      "Completed",
    ]);
    expect(verified.history.map(({ did }) => did)).toEqual(["claim", "verify"]);
    expect(() => takeActionStep(verified, { did: "start", ...taking })).toThrow(
      "bound-the-queue is VERIFIED; start needs OPEN or REOPENED.",
    );
  });

  it("that another person claimed is not verified by that person", () => {
    const byOther = takeActionStep(item, { did: "claim", ...taking });
    expect(() => takeActionStep(byOther, { did: "verify", ...taking })).toThrow("not by lead");
  });

  it("that another person claimed is not verified by its owner either", () => {
    const byOther = takeActionStep(item, { did: "claim", ...taking });
    expect(() => takeActionStep(byOther, { did: "verify", ...taking, by: "kitchen-lead" })).toThrow(
      "not by kitchen-lead",
    );
  });

  it("is dropped or reopened with a reason", () => {
    expect(() => takeActionStep(item, { did: "drop", ...taking })).toThrow(
      "drop bound-the-queue needs a reason",
    );
    expect(takeActionStep(claimed, { did: "reopen", ...taking, note: "it overflowed again" }).state).toBe(
      "REOPENED",
    );
  });

  it("is overdue after its day, while its owner has not done it", () => {
    expect([
      isOverdue(item, "2026-12-11"),
      isOverdue(item, "2026-12-12"),
      isOverdue(claimed, "2026-12-12"),
    ]).toEqual([false, true, false]);
  });

  it("stands by its day, then by its priority", () => {
    const items = [{ ...item, due: "2026-12-12" }, { ...item, priority: "low" as const }, item];
    expect(items.toSorted(byDue)).toEqual([items[2], items[1], items[0]]);
  });
});

const rate = (...numbers: readonly number[]): Scores => {
  const [businessImpact, customerValue, urgency, riskOfNotDoing, effort, riskOfDoing] = numbers.map(
    (score) => ({ score, why: "so" }),
  );
  return { businessImpact, customerValue, urgency, riskOfNotDoing, effort, riskOfDoing } as Scores;
};
const demand: Demand = {
  schema: "quadrille-desk/demand/1",
  id: "faster-refunds",
  title: "Faster refunds",
  from: "head-of-support",
  received: "2026-11-26T10:00:00Z",
  answerBy: "2026-12-01",
  state: "RECEIVED",
  history: [],
};
const { weights } = defaultSettings;
const scored = scoreDemand(demand, rate(4, 5, 3, 2, 2, 1), taking);

describe("a demand", () => {
  it("has a score in which effort and the risk of doing count against it", () => {
    expect(scoreOf(demand, weights)).toBeUndefined();
    expect(scoreOf(scored, weights)).toBe(4 + 5 + 3 + 2 - 2 - 0.5);
    expect(scoreOf(scored, { ...weights, riskOfNotDoing: 2, riskOfDoing: 0 })).toBe(4 + 5 + 3 + 4 - 2);
  });

  it("stands by its score, then its urgency, then its age; without a score it is last", () => {
    const equal = { ...scored, id: "more-urgent", scores: rate(4, 4, 4, 2, 2, 1) };
    const older = { ...scored, id: "older", received: "2026-11-25T10:00:00Z" };
    const better = { ...scored, id: "better", scores: rate(5, 5, 1, 4, 2, 1) };
    const order = [demand, scored, older, equal, better].toSorted(byScore(weights));
    expect(order.map(({ id }) => id)).toEqual([
      "better",
      "more-urgent",
      "older",
      "faster-refunds",
      "faster-refunds",
    ]);
    expect(order.at(-1)).toBe(demand);
  });

  it.each([
    ["accept", "To accept faster-refunds needs --promise and --due."],
    ["offer", "To offer faster-refunds needs --alternative."],
    ["defer", "To defer faster-refunds needs --until."],
    ["decline", "To decline faster-refunds needs --alternative."],
  ] as const)("is answered with what the answer needs: %s", (kind, says) => {
    expect(() => answerDemand(scored, { kind, reason: "so" }, taking)).toThrow(says);
  });

  it("is answered after it was scored, and its promise is kept, or broken aloud", () => {
    const answer = { kind: "accept" as const, reason: "so", promise: { what: "an hour", due: "2026-12-18" } };
    expect(() => answerDemand(demand, answer, taking)).toThrow(
      "faster-refunds is RECEIVED; answer needs SCORED.",
    );
    const accepted = answerDemand(scored, answer, taking);
    expect(settleDemand(accepted, "keep", taking).state).toBe("KEPT");
    expect(() => settleDemand(accepted, "break", taking)).toThrow(
      "A promise is broken aloud: give --reason.",
    );
    expect(settleDemand(accepted, "break", { ...taking, note: "the bank" }).state).toBe("BROKEN");
    const declined = answerDemand(scored, { kind: "decline", reason: "so", alternative: "a report" }, taking);
    expect(() => settleDemand(declined, "keep", taking)).toThrow(
      "faster-refunds was answered with decline: nothing was promised.",
    );
  });
});

const stakeholder: Stakeholder = {
  schema: "quadrille-desk/stakeholder/1",
  id: "head-of-support",
  name: "Head of Support",
  role: "leads support",
  category: "senior-management",
  influence: 4,
  impact: 5,
  interests: [],
  goals: [],
  needs: [],
  concerns: [],
  values: [],
  decisionMaker: false,
  communication: { channel: "mail", cadenceDays: 7 },
  added: "2026-11-01T10:00:00Z",
  state: "UNDERSTOOD",
  contacts: [],
  history: [],
};

describe("a stakeholder", () => {
  const engaged = recordContact(stakeholder, { channel: "call", summary: "the plan" }, taking);
  const at = (time: string): number => Date.parse(time);

  it("is engaged by a contact, and due when the cadence has passed", () => {
    expect(engaged.state).toBe("ENGAGED");
    expect(contactDue(engaged)).toBe(at("2026-12-03T10:00:00Z"));
    expect(relationState(engaged, at("2026-12-03T10:00:00Z"))).toBe("ENGAGED");
    expect(relationState(engaged, at("2026-12-03T10:00:01Z"))).toBe("DUE");
    expect(dueStakeholders([engaged, stakeholder], at("2026-12-04T00:00:00Z"))).toEqual([
      stakeholder,
      engaged,
    ]);
    expect(dueStakeholders([engaged], at("2026-12-01T00:00:00Z"))).toEqual([]);
  });

  it("stands in the matrix by influence and impact", () => {
    const quadrant = (influence: number, impact: number) => quadrantOf({ influence, impact });
    expect([quadrant(4, 4), quadrant(5, 3), quadrant(3, 4), quadrant(3, 3)]).toEqual([
      "engage closely",
      "keep satisfied",
      "keep informed",
      "monitor",
    ]);
    const lines = matrixText([stakeholder]).split("\n");
    expect(lines.find((line) => line.includes("head-of-support"))?.indexOf("head-of-support")).toBe(81);
    expect(matrixText([stakeholder])).toContain("engage closely 1, keep satisfied 0");
  });

  it("is text in the picture, whatever the name", () => {
    const svg = matrixSvg([{ ...stakeholder, name: '<script>"&' }], "A & B");
    expect(svg).toContain("&lt;script&gt;&quot;&amp;");
    expect(svg).toContain("<title>A &amp; B</title>");
  });

  it("of a full corner leave room for the name of the quarter", () => {
    const many = Array.from({ length: 9 }, (_, index) => ({
      ...stakeholder,
      influence: 1,
      impact: 1,
      id: `one-${index}`,
      name: `One ${index}`,
    }));
    const svg = matrixSvg(many, "t");
    const lowest = Math.max(...[...svg.matchAll(/<tspan x="\d+" y="(\d+)"/g)].map(([, y]) => Number(y)));
    expect(lowest).toBeLessThan(Number(/y="(\d+)"[^>]*>MONITOR</.exec(svg)?.[1]) - 14);
  });

  it("of a full cell are counted where the names end", () => {
    const many = Array.from({ length: 9 }, (_, index) => ({
      ...stakeholder,
      id: `one-${index}`,
      name: `One ${index}`,
    }));
    expect(matrixText(many)).toContain("and 7 more");
    expect(matrixSvg(many, "t")).toContain(">and 5 more</tspan>");
  });
});
