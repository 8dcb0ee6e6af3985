// What people read: sagas, timelines, what is parked.
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import type { Expected, OperationsTime, ParkedEntry, SagaReport, TimelineEntry } from "quadrille/operations";
import { journalOf, parkedOf } from "../../../quadrille/src/testing/store-samples.ts";
import { expectedText, renderSaga } from "./render-saga.ts";
import { renderParked, renderSagas } from "./render-sagas.ts";
import { columns, span, timeText } from "../terminal/table.ts";

const colors = picocolors.createColors(false);
const now = Date.UTC(2026, 10, 23, 18, 0, 10);
const states = { Order: "APPROVAL_PENDING", Kitchen: "CREATE_PENDING" };

function entry(more: Partial<TimelineEntry>): TimelineEntry {
  const cause = { source: "command", lane: 0, position: 0 };
  const createOrder = { kind: "command", trigger: "createOrder", outcome: "", emitted: [] } as const;
  const states = { from: "ABSENT", to: "APPROVAL_PENDING" };
  const row = journalOf(1, { sagaId: "s1", key: "s1", cause, time: now - 5_000, ...createOrder, ...states });
  return { ...row, participant: "Order", ...more };
}

const time: OperationsTime = { now, kind: "machine" };
const owed: Expected = {
  kind: "event",
  what: ["OrderCreated"],
  from: ["Order"],
  to: "Kitchen",
  since: now - 3_000,
  dueAt: undefined,
  where: "Order/0/1/0",
};
const saga: SagaReport = {
  sagaId: "s1",
  choreography: "Orders",
  causedBy: [],
  caused: [],
  states,
  end: undefined,
  time,
  beganAt: now - 5_000,
  enteredAt: now - 4_988,
  timeline: [
    entry({ emitted: [{ event: "OrderCreated", data: {} }] }),
    entry({
      participant: "Kitchen",
      kind: "event",
      trigger: "OrderCreated",
      cause: { source: "Order", lane: 0, position: 1 },
      to: "CREATE_PENDING",
      outcome: "ok",
      time: now - 4_988,
      emitted: [{ event: "TicketCreated", data: {} }],
    }),
    entry({ participant: "Kitchen", kind: "deadline", trigger: "after 1m", from: "X", to: "X", time: now }),
  ],
  expected: [owed],
};

describe("a saga", () => {
  it("is shown with times, causes, changes and what is expected next", () => {
    expect(renderSaga(saga, { colors, machineNow: now })).toMatchInlineSnapshot(`
      "Saga s1: under way, begun 2026-11-23 18:00:05.000Z
        Order APPROVAL_PENDING · Kitchen CREATE_PENDING

        when      who      took                     change                        published
        +0 ms     Order    createOrder (command)    ABSENT → APPROVAL_PENDING     OrderCreated
        +12 ms    Kitchen  OrderCreated from Order  ABSENT → CREATE_PENDING (ok)  TicketCreated
        +5000 ms  Kitchen  after 1m (time)          stays X

      Expected next:
        Kitchen has yet to take OrderCreated, which Order published 3 s ago [Order/0/1/0]
      "
    `);
  });

  it("is shown in business time, says so, and says what time it is", () => {
    const stepped: OperationsTime = { now: now + 1_200_000, kind: "stepped" };
    const pickedUp = entry({
      participant: "Kitchen",
      kind: "command",
      trigger: "pickUp",
      time: now + 1_195_000,
    });
    const one = { ...saga, time: stepped, timeline: [...saga.timeline, pickedUp] };
    const lines = renderSaga(one, { colors, machineNow: now + 1e12 }).split("\n");
    expect(lines[2]).toBe("  Times are business time, moved step by step: it is 2026-11-23 18:20:10.000Z.");
    expect(lines.find((line) => line.includes("pickUp"))).toMatch(/^ {2}\+0:20:00 {2}Kitchen/);
    expect(lines.at(-2)).toContain("published 20 min ago");
    expect(renderSagas([saga], { colors, time: stepped }).split("\n")).toEqual([
      "Times are business time, moved step by step: it is 2026-11-23 18:20:10.000Z.",
      expect.stringMatching(/^saga /),
      expect.stringContaining("20 min ago"),
      "",
    ]);
  });

  it("names the sagas that it hangs together with, each once", () => {
    const link = { event: "Paid", cause: { source: "Till", lane: 0, position: 1 }, takenBy: "Points" };
    const before = { ...link, choreography: "Sale", sagaId: "s0" };
    const after = { ...link, choreography: "Letters", sagaId: "s2" };
    const linked = { ...saga, causedBy: [before], caused: [after, { ...after, takenBy: "Post" }] };
    expect(renderSaga(linked, { colors, machineNow: now }).split("\n").slice(1, 5)).toEqual([
      "  Order APPROVAL_PENDING · Kitchen CREATE_PENDING",
      "  caused by Paid of Sale s0",
      "  caused Letters s2 by Paid",
      "",
    ]);
  });

  it("says so when nothing is expected", () => {
    const ended = { ...saga, end: "approved", expected: [] };
    expect(renderSaga(ended, { colors, machineNow: now })).toContain(
      "Saga s1: approved, begun 2026-11-23 18:00:05.000Z",
    );
    expect(renderSaga(ended, { colors, machineNow: now })).toContain("Nothing is expected.");
    expect(renderSaga({ ...saga, expected: [] }, { colors, machineNow: now })).toContain(
      "no message, call or deadline is left",
    );
  });

  it.each<[Partial<Expected>, string]>([
    [{}, "Kitchen has yet to take OrderCreated, which Order published 3 s ago [Order/0/1/0]"],
    [
      { kind: "parked", dueAt: now + 1_500, where: "retrying: Order/0/1/0" },
      "Kitchen has parked OrderCreated 3 s ago, due in 2 s [retrying: Order/0/1/0]",
    ],
    [{ kind: "activity", what: ["pay"] }, "Kitchen waits for the answer of pay, asked 3 s ago"],
    [
      { kind: "deadline", what: ["after 1m"], dueAt: now - 9 },
      "Kitchen acts on after 1m, due since 9 ms, unless something comes before",
    ],
    [
      { kind: "answer", what: ["A", "B"], from: ["X", "Y"], where: "PENDING is a lock" },
      "Kitchen has waited 3 s for A or B from X or Y [PENDING is a lock]",
    ],
    [
      { kind: "answer", what: [], from: [], where: "PENDING is a lock" },
      "Kitchen has waited for 3 s, and no participant can answer it [PENDING is a lock]",
    ],
  ])("owes %j", (more, text) => {
    expect(expectedText({ ...owed, ...more }, now)).toBe(text);
  });
});

describe("lists", () => {
  it("of sagas say where each participant is", () => {
    expect(renderSagas([], { colors, time })).toBe("No sagas.\n");
    expect(renderSagas([saga, { ...saga, sagaId: "s0", end: "approved" }], { colors, time })).toBe(
      [
        "saga  end        changed  Order             Kitchen",
        "s1    under way  5 s ago  APPROVAL_PENDING  CREATE_PENDING",
        "s0    approved   5 s ago  APPROVAL_PENDING  CREATE_PENDING",
        "",
      ].join("\n"),
    );
  });

  it("of what is parked say why, and how to fix it", () => {
    const error = { code: "Q_HANDLER_THREW", message: "the oven is cold\n    at oven.ts" };
    const dead = { reason: "dead", attempts: 8, nextAt: undefined, error, note: undefined } as const;
    const about = { key: "s1", sagaId: "s1", trigger: "OrderCreated", parkedAt: now - 60_000 };
    const parked: ParkedEntry = {
      ...parkedOf("Order/0/1/0", { ...about, ...dead }),
      participant: "Kitchen",
    };
    const discarded: ParkedEntry = { ...parked, reason: "discarded", note: "a test", error: undefined };
    expect(renderParked([], { colors, now })).toBe("Nothing is parked.\n");
    expect(renderParked([parked, discarded], { colors, now })).toMatchInlineSnapshot(`
      "why   participant  id           message       key  since     attempts
      dead  Kitchen      Order/0/1/0  OrderCreated  s1   60 s ago  8
        Q_HANDLER_THREW: the oven is cold

      Offer a dead one again with: quadrille redrive Kitchen Order/0/1/0

      Discarded for good, kept with its reason:
      why        participant  id           message       key  since     attempts
      discarded  Kitchen      Order/0/1/0  OrderCreated  s1   60 s ago  8
        discarded: a test
      "
    `);
    expect(renderParked([discarded, discarded], { colors, now })).toMatch(
      /^Nothing is parked\.\n\nDiscarded for good, kept with their reasons:\nwhy /,
    );
  });

  it("are coloured on a terminal only", () => {
    expect(renderSagas([saga], { colors: picocolors.createColors(true), time })).toContain("\u001B[");
    expect(renderSagas([saga], { colors, time })).not.toContain("\u001B[");
  });
});

describe("columns", () => {
  it("are as wide as their widest cell", () => {
    expect(columns([["a", "b"], ["ccc", ""], []])).toEqual(["a    b", "ccc", ""]);
  });
});

describe("spans and times", () => {
  it.each([
    [0, "0 ms"],
    [-999, "999 ms"],
    [1_000, "1 s"],
    [119_000, "119 s"],
    [120_000, "2 min"],
    [7_200_000, "2 h"],
    [172_800_000, "2 days"],
  ])("%i ms are %s", (ms, text) => {
    expect(span(ms)).toBe(text);
  });

  it("are in UTC", () => {
    expect(timeText(now)).toBe("2026-11-23 18:00:10.000Z");
  });
});
