// What is expected next, where it needs no engine: deadlines, several entities, who can still answer; and
// merged timelines.
import { describe, expect, it } from "vitest";
import { reference } from "../../test/reference-choreographies.ts";
import { participantFromJson } from "../contract/json/from-json.ts";
import { compile, type Table } from "../contract/table.ts";
import { journalOf } from "../testing/store-samples.ts";
import type { EntityRecord, JournalRecord, ParkedRecord } from "../store/records.ts";
import { expectedNext, type SagaPart } from "./expected.ts";
import { mergeTimelines } from "./merge-timelines.ts";
import { canStillEmit } from "./producers.ts";

const json = reference("order-lifecycle-with-deadline");
const tables = new Map(
  Object.entries(json.participants).map(([name, one]) => [name, compile(participantFromJson(name, one))]),
);

function tableOf(name: string): Table {
  const table = tables.get(name);
  if (table === undefined) throw new Error(`no participant ${name}`);
  return table;
}

function row(more: Partial<JournalRecord>): JournalRecord {
  const cause = { source: "command", lane: 0, position: 0 };
  const nothing = {
    outcome: "",
    emitted: [],
    trace: undefined,
    from: "A",
    to: "B",
    kind: "event",
    trigger: "E",
  } as const;
  return journalOf(1, { sagaId: "s", key: "s", cause, time: 1, ...nothing, ...more });
}

function entity(more: Partial<EntityRecord>): EntityRecord {
  const nothing = { facts: undefined, data: undefined, activity: undefined, deadline: undefined };
  return {
    key: "s",
    sagaId: "s",
    lane: 0,
    state: "ABSENT",
    version: 1,
    since: 1,
    beganAt: 1,
    enteredAt: 1,
    ...nothing,
    ...more,
  };
}

function part(
  name: string,
  more: Partial<SagaPart> & { readonly inbox?: Readonly<Record<string, number>> } = {},
): SagaPart {
  const { inbox = {}, ...rest } = more;
  const reading = { lane: 0, floor: 0, head: 0, inbox: new Map(Object.entries(inbox)), subscriptions: [] };
  return {
    table: tableOf(name),
    readings: [reading],
    entities: [],
    parked: [],
    ...rest,
  };
}

describe("expectedNext", () => {
  const created = row({
    trigger: "createOrder",
    kind: "command",
    from: "ABSENT",
    to: "APPROVAL_PENDING",
    emitted: [{ event: "OrderCreated", data: undefined }],
    time: 5,
  });
  const timeline = mergeTimelines([{ participant: "Order", rows: [created] }]);
  const pending = entity({ state: "APPROVAL_PENDING", deadline: { name: "approvalTimeout", at: 900 } });

  it("names an armed deadline, since when and until when", async () => {
    const expected = expectedNext([part("Order", { entities: [pending] })], timeline);
    expect(expected).toContainEqual({
      kind: "deadline",
      what: ["approvalTimeout"],
      from: ["Order"],
      to: "Order",
      since: 5,
      dueAt: 900,
      where: undefined,
    });
  });

  it("does not expect an event that was taken, parked, or passed by the inbox because it is ignored", async () => {
    const taken = row({
      trigger: "OrderCreated",
      cause: { source: "Order", lane: 0, position: 1 },
      from: "NONE",
      to: "VERIFIED",
      time: 6,
    });
    const merged = mergeTimelines([
      { participant: "Order", rows: [created] },
      { participant: "Consumer", rows: [taken] },
    ]);
    const aside: ParkedRecord = {
      ...row({}),
      id: "Order/0/1/0",
      ordinal: 1,
      kind: "event",
      trigger: "OrderCreated",
      data: undefined,
      reason: "retrying",
      attempts: 2,
      nextAt: 70,
      version: 0,
      error: undefined,
      parkedAt: 7,
      note: undefined,
    };
    const parts = [
      part("Order"),
      part("Consumer"),
      part("Kitchen", { parked: [aside] }),
      part("Accounting", { inbox: { Order: 1 } }),
    ];
    const expected = expectedNext(parts, merged);
    expect(expected).toEqual([
      {
        kind: "parked",
        what: ["OrderCreated"],
        from: ["Kitchen"],
        to: "Kitchen",
        since: 7,
        dueAt: 70,
        where: "retrying: Order/0/1/0",
      },
    ]);
  });

  it("blames those who can still answer a lock, and none where none can", async () => {
    const rejected = part("Kitchen", { entities: [entity({ state: "REJECTED" })] });
    const verified = part("Consumer", { entities: [entity({ state: "VERIFIED" })] });
    const parts = [part("Order", { entities: [pending], inbox: { Kitchen: 9 } }), verified, rejected];
    const [, answer] = expectedNext(parts, [{ ...created, participant: "Order", emitted: [] }]);
    expect(answer).toMatchObject({ kind: "answer", what: [], from: [], to: "Order" });
    const asking = [...parts, part("Accounting")];
    const [, owed] = expectedNext(asking, [{ ...created, participant: "Order", emitted: [] }]);
    expect(owed).toMatchObject({
      kind: "answer",
      what: ["CreditCardAuthorized", "CreditCardAuthorizationFailed"],
      from: ["Accounting"],
    });
  });
});

describe("canStillEmit", () => {
  it("follows every way on from a state", () => {
    expect(canStillEmit(tableOf("Kitchen"), "ABSENT", "TicketCreationFailed")).toBe(true);
    expect(canStillEmit(tableOf("Kitchen"), "CREATE_PENDING", "TicketCreationFailed")).toBe(false);
    expect(canStillEmit(tableOf("Kitchen"), "CREATE_PENDING", "TicketCancelPending")).toBe(true);
    expect(canStillEmit(tableOf("Kitchen"), "ABSENT", "OrderCreated")).toBe(false);
  });
});

describe("mergeTimelines", () => {
  it("puts what was caused after its cause, even where clocks disagree", () => {
    const order = [
      row({ position: 1, time: 100 }),
      row({ position: 2, time: 101, cause: { source: "Kitchen", lane: 0, position: 1 } }),
    ];
    const kitchen = [row({ position: 1, time: 50, cause: { source: "Order", lane: 0, position: 1 } })];
    const merged = mergeTimelines([
      { participant: "Kitchen", rows: kitchen },
      { participant: "Order", rows: order.toReversed() },
    ]);
    expect(merged.map(({ participant, position }) => `${participant} ${position}`)).toEqual([
      "Order 1",
      "Kitchen 1",
      "Order 2",
    ]);
  });

  it("at one moment puts events in the order of their publication, before what comes from outside", () => {
    const by = (source: string, position: number): JournalRecord["cause"] => ({ source, lane: 0, position });
    const time = 100;
    const order = [
      row({ position: 1, time, cause: by("command", 1) }),
      row({ position: 2, time, cause: by("Kitchen", 1) }),
      row({ position: 3, time, cause: by("command", 2) }),
    ];
    const kitchen = [row({ position: 1, time, cause: by("Order", 1) })];
    const ledger = [
      row({ position: 1, time, cause: by("Order", 1) }),
      row({ position: 2, time, cause: by("Order", 2) }),
    ];
    const merged = mergeTimelines([
      { participant: "Order", rows: order },
      { participant: "Ledger", rows: ledger },
      { participant: "Kitchen", rows: kitchen },
    ]);
    expect(merged.map(({ participant, position }) => `${participant} ${position}`)).toEqual([
      "Order 1",
      "Ledger 1",
      "Kitchen 1",
      "Order 2",
      "Ledger 2",
      "Order 3",
    ]);
  });

  it("goes by time where nothing was caused, and loses no row whatever the causes say", () => {
    const circle = [row({ time: 3, cause: { source: "B", lane: 0, position: 1 } })];
    const back = [row({ time: 2, cause: { source: "A", lane: 0, position: 1 } }), row({ lane: 1, time: 1 })];
    const merged = mergeTimelines([
      { participant: "A", rows: circle },
      { participant: "B", rows: back },
    ]);
    expect(merged.map(({ participant, time }) => `${participant} ${time}`)).toEqual(["B 1", "B 2", "A 3"]);
  });
});
