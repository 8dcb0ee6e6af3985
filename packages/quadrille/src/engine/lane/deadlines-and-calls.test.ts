// What a state sets going: which deadline and call an entity has after a reaction, and which message it still
// waits for.
import { describe, expect, it } from "vitest";
import { to } from "../../contract/outcome.ts";
import { participant } from "../../contract/participant.ts";
import { after, on } from "../../contract/reaction.ts";
import { command } from "../../contract/trigger.ts";
import { compile, type StateRow } from "../../contract/table.ts";
import { blank } from "./decided.ts";
import { arm, type ReachedState, awaits, due, messageOf } from "./deadlines-and-calls.ts";

const loan = participant("Loan", {
  entity: "Loan",
  initial: "none",
  states: {
    none: [on(command("lend"), to("LENT"))],
    LENT: [after("10m", to("LATE"), "due")],
    LATE: [],
  },
});
const table = compile(loan);
const lent = table.states.get("LENT");
const charging: StateRow | undefined = lent === undefined ? undefined : { ...lent, activity: "charge" };
const fresh = { ...blank({ table }, 0, { key: "book", sagaId: "s" }), version: 4, since: 2 };
const armed = { ...fresh, activity: "charge", deadline: { name: "due", at: 500 } };

function arrival(how: Partial<ReachedState>): ReachedState {
  return { row: lent, version: 5, data: undefined, isEntered: true, rearms: false, now: 1_000, ...how };
}

describe("a reaction", () => {
  it("that enters a state sets its deadline, and names it by the version", () => {
    expect(arm(fresh, arrival({}))).toEqual({
      since: 5,
      activity: undefined,
      deadline: { name: "due", at: 601_000 },
    });
  });

  it("that stays in the state lets call and deadline go on", () => {
    const { since, activity, deadline } = armed;
    expect(arm(armed, arrival({ row: charging, isEntered: false }))).toEqual({ since, activity, deadline });
  });

  it("that sets the deadline again lets the call beside it keep its name, and renames a deadline alone", () => {
    const stays = { isEntered: false, rearms: true };
    const deadline = { name: "due", at: 601_000 };
    expect(arm(armed, arrival({ row: charging, ...stays }))).toMatchObject({ since: 2, deadline });
    expect(arm(fresh, arrival(stays))).toMatchObject({ since: 5, deadline });
  });
});

describe("an entity", () => {
  const call = messageOf("Loan", armed, { kind: "activity", trigger: "charge", data: 1 });
  const deadline = messageOf("Loan", armed, { kind: "deadline", trigger: "due", data: undefined });

  it("gives its messages an id that does not change while the state holds", () => {
    expect([call.id, deadline.id]).toEqual(["activity/Loan/book/2", "deadline/Loan/book/2"]);
  });

  it("waits for them until their state was left", () => {
    expect([call, deadline].map((message) => awaits(armed, message, 500))).toEqual([true, true]);
    const left = { ...armed, since: 5 };
    expect([call, deadline].map((message) => awaits(left, message, 500))).toEqual([false, false]);
  });

  it("does not take a deadline that was moved on meanwhile", () => {
    expect(awaits({ ...armed, deadline: { name: "due", at: 900 } }, deadline, 500)).toBe(false);
  });
});

describe("what is due", () => {
  it("waits for events that were published before it, and is not asked for while the earliest is known", async () => {
    const asked: number[] = [];
    const store = {
      due: async (_lane: number, now: number) => {
        asked.push(now);
        return [];
      },
      nextDue: async () => 900,
      unfinished: async () => [],
    };
    const lane = { number: 0, deadlineAt: 500, takenUntil: (now: number) => Math.min(now, 400) };
    expect(await due(store, lane, { now: 600, most: 9 })).toEqual([]);
    expect(asked).toEqual([]);
    lane.takenUntil = (now) => now;
    await due(store, lane, { now: 600, most: 9 });
    expect([asked, lane.deadlineAt]).toEqual([[600], 900]);
  });
});
