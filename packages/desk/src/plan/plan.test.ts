// The board and the lists over the same items, and the timer.
import { describe, expect, it } from "vitest";
import type { ActionItem } from "../people/action.ts";
import type { Demand } from "../people/demand.ts";
import { defaultSettings } from "../settings.ts";
import { board, gtdLists, type PlanInput } from "./plan.ts";
import { runSpans, type Span, spansOf } from "./pomodoro.ts";

const action = (id: string, other: Partial<ActionItem>): ActionItem => ({
  schema: "quadrille-desk/action/1",
  id,
  description: id,
  owner: "me",
  due: "2026-12-31",
  priority: "low",
  state: "OPEN",
  history: [],
  ...other,
});
const demand = (id: string, other: Partial<Demand>): Demand => ({
  schema: "quadrille-desk/demand/1",
  id,
  title: id,
  from: "shop-12",
  received: "2026-11-26T10:00:00Z",
  answerBy: "2026-12-31",
  state: "RECEIVED",
  history: [],
  ...other,
});
const rated = (score: number) => ({ score, why: "so" });
const strong = {
  businessImpact: rated(5),
  customerValue: rated(5),
  urgency: rated(1),
  riskOfNotDoing: rated(1),
  effort: rated(1),
  riskOfDoing: rated(1),
};
const promise = { what: "a promise", due: "2026-11-29" };
const input: PlanInput = {
  actions: [
    action("do-it", { priority: "high", due: "2026-11-29" }),
    action("plan-it", { priority: "high", due: "2026-11-30" }),
    action("give-it", { due: "2026-11-20", owner: "you" }),
    action("leave-it", {}),
    action("claimed", { state: "CLAIMED_DONE" }),
    action("over", { state: "VERIFIED", due: "2026-11-01" }),
  ],
  demands: [
    demand("strong", { state: "SCORED", scores: strong }),
    demand("loud", {
      state: "SCORED",
      scores: { ...strong, businessImpact: rated(1), customerValue: rated(1), urgency: rated(4) },
    }),
    demand("new", {}),
    demand("promised", {
      state: "ANSWERED",
      scores: strong,
      answer: { kind: "accept", reason: "so", promise },
    }),
    demand("later", { state: "ANSWERED", answer: { kind: "defer", reason: "so", until: "2027-01-10" } }),
    demand("kept", { state: "KEPT", answer: { kind: "accept", reason: "so", promise } }),
  ],
  runs: [
    {
      schema: "quadrille-desk/run/1",
      id: "r",
      playbook: "aair",
      title: "Ovens",
      started: "2026-11-26T10:00:00Z",
      state: "RUNNING",
      actions: {},
      history: [],
    },
    {
      schema: "quadrille-desk/run/1",
      id: "s",
      playbook: "aair",
      title: "Over",
      started: "2026-11-26T10:00:00Z",
      state: "FINISHED",
      actions: {},
      history: [],
    },
  ],
  settings: defaultSettings,
  today: "2026-11-26",
};

it("the board has what is open, by urgency and importance", () => {
  const ids = Object.entries(board(input)).map(([quarter, items]) => [quarter, items.map(({ id }) => id)]);
  expect(Object.fromEntries(ids)).toEqual({
    DO: ["do-it", "promised"],
    SCHEDULE: ["plan-it", "strong"],
    DELEGATE: ["give-it", "loud"],
    DROP: ["claimed", "leave-it", "new"],
  });
});

it("the lists are for one person", () => {
  expect(gtdLists(input, "me")).toEqual({
    inbox: ["new (shop-12)"],
    next: ["do-it (2026-11-29)", "plan-it (2026-11-30)", "leave-it (2026-12-31)"],
    projects: ["Ovens", "a promise (2026-11-29)"],
    waitingFor: ["give-it (you)", "claimed (to be verified)"],
    someday: ["later (shop-12)"],
  });
});

describe("the timer", () => {
  const spans = spansOf({ workMin: 25, breakMin: 5, longBreakMin: 15, spans: 5 });

  it("has a long break after the fourth span, and none at the end", () => {
    expect(spans.map(({ kind, minutes }) => `${kind} ${minutes}`)).toEqual(
      "work 25,break 5,work 25,break 5,work 25,break 5,work 25,long break 15,work 25".split(","),
    );
  });

  it("waits a second a tick, and ends with the signal", async () => {
    const stop = new AbortController();
    const ticks: string[] = [];
    let waitedMs = 0;
    const clock = {
      sleep: async (ms: number, signal: AbortSignal) => {
        waitedMs += ms;
        if (waitedMs === 26 * 60_000) stop.abort();
        signal.throwIfAborted();
      },
    };
    const tick = ({ kind }: Span, left: number): void =>
      void (left % 600 === 0 && ticks.push(`${kind} ${left}`));
    await expect(runSpans(spans, tick, { clock, signal: stop.signal })).rejects.toThrow("abort");
    expect(ticks).toEqual(["work 1200", "work 600", "work 0"]);
    expect(waitedMs).toBe(26 * 60_000);
  });
});
