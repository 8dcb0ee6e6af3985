// The envelope: valid for the official package, the same for the same row, and read back without loss.
import { CloudEvent as OfficialEvent, HTTP } from "cloudevents";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CarriedRow } from "../store/records.ts";
import { journalOf } from "../testing/store-samples.ts";
import { parseCloudEvent, toCloudEvents } from "./cloud-events.ts";

const row = journalOf(17, {
  lane: 2,
  sagaId: "018f-saga",
  key: "order-1",
  cause: { source: "Accounting", lane: 2, position: 9 },
  kind: "event",
  trigger: "CreditCardAuthorized",
  from: "APPROVAL_PENDING",
  outcome: "",
  to: "APPROVED",
  emitted: [
    { event: "OrderApproved", data: { orderId: "order-1", cents: 1_250 } },
    { event: "OrderSeen", data: undefined },
  ],
  time: Date.UTC(2026, 10, 23, 18, 30, 0, 123),
  trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
});

describe("toCloudEvents", () => {
  const [approved, seen] = toCloudEvents("Order", row);

  it("says everything in attributes of the specification", () => {
    expect(approved).toEqual({
      specversion: "1.0",
      id: "Order/2/17/0",
      source: "Order",
      type: "OrderApproved",
      subject: "order-1",
      time: "2026-11-23T18:30:00.123Z",
      datacontenttype: "application/json",
      data: { orderId: "order-1", cents: 1_250 },
      correlationid: "018f-saga",
      causationid: "Accounting/2/9",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
  });

  it("leaves out what there is none of", () => {
    expect(seen).not.toHaveProperty("data");
    expect(seen).not.toHaveProperty("datacontenttype");
    const [first] = toCloudEvents("Order", {
      ...row,
      cause: { source: "command", lane: 0, position: 0 },
      trace: undefined,
    });
    expect(first).not.toHaveProperty("causationid");
    expect(first).not.toHaveProperty("traceparent");
    expect(toCloudEvents("Order", { ...row, emitted: [] })).toEqual([]);
  });

  it("is accepted by the official package, in strict validation and over HTTP in both modes", () => {
    for (const event of toCloudEvents("Order", row)) {
      const official = new OfficialEvent({ ...event });
      expect(official.validate()).toBe(true);
      for (const message of [HTTP.binary(official), HTTP.structured(official)]) {
        const received = HTTP.toEvent(message);
        const [one] = Array.isArray(received) ? received : [received];
        expect(parseCloudEvent(JSON.parse(JSON.stringify(one)))).toEqual(parseCloudEvent(event));
      }
    }
  });

  it("gives the same ids for the same row, and different ones for different places", () => {
    expect(toCloudEvents("Order", row)).toEqual(toCloudEvents("Order", structuredClone(row)));
    const ids = [row, { ...row, position: 18 }, { ...row, lane: 3 }].flatMap((one) =>
      toCloudEvents("Order", one).map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(6);
  });
});

describe("parseCloudEvent", () => {
  const names = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => text.isWellFormed());
  const rows: fc.Arbitrary<CarriedRow> = fc.record({
    lane: fc.nat(63),
    position: fc.integer({ min: 1, max: 2 ** 45 }),
    sagaId: names,
    key: names,
    emitted: fc.array(fc.record({ event: names, data: fc.oneof(fc.constant(undefined), fc.jsonValue()) }), {
      maxLength: 3,
    }),
    time: fc.integer({ min: 0, max: Date.UTC(2200, 0) }),
    trace: fc.option(names, { nil: undefined }),
  });

  it("reads back what was written", () => {
    fc.assert(
      fc.property(names, rows, (source, carried) => {
        const { emitted, ...rest } = carried;
        const events = toCloudEvents(source, carried).map((event) => parseCloudEvent(event));
        expect(events).toEqual(
          emitted.map(({ event, data }, index) => ({
            ok: true,
            event: { source, index, event, data, ...rest },
          })),
        );
      }),
    );
  });

  const [good] = toCloudEvents("Order", row);
  it.each([
    ["text", "A CloudEvent is an object."],
    [null, "A CloudEvent is an object."],
    [{ ...good, id: "" }, "A CloudEvent of Quadrille needs the attribute id, a text that is not empty."],
    [
      { ...good, correlationid: undefined },
      "A CloudEvent of Quadrille needs the attribute correlationid, a text that is not empty.",
    ],
    [{ ...good, specversion: "0.3" }, 'The attribute specversion is "0.3"; only "1.0" is known.'],
    [{ ...good, id: "Order/1/2" }, 'The id "Order/1/2" is not of the form Order/lane/position/index.'],
    [
      { ...good, id: "Kitchen/2/17/0" },
      'The id "Kitchen/2/17/0" is not of the form Order/lane/position/index.',
    ],
    [{ ...good, time: "yesterday" }, 'The time "yesterday" is not a timestamp of RFC 3339.'],
    [{ ...good, source: "%", id: "%/2/17/0" }, 'The source "%" is not a URI reference.'],
  ])("says what is wrong with %j", (value, problem) => {
    expect(parseCloudEvent(value)).toEqual({ ok: false, problem });
  });
});
