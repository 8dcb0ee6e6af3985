// A participant's entities, typed by its contract, as a service reads them.
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { all, command, event } from "../contract/trigger.ts";
import { versioned } from "../contract/versioned.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { entitiesOf } from "./entities-of.ts";

const Seats = z.object({ seats: z.number() });
const book = command("book", Seats);
const pay = command("pay");
const Booked = event("Booked", Seats);
const Paid = event("Paid");

/** The same, as its `data` are declared. */
const bookingWith = (data: typeof Seats) =>
  participant("Booking", {
    entity: "Booking",
    data,
    initial: "none",
    states: {
      none: [on(book, to("OPEN").emits(Booked))],
      OPEN: [on(pay, to("PAID").emits(Paid))],
      PAID: [],
    },
  });
const booking = bookingWith(Seats);
const ticket = participant("Ticket", {
  entity: "Ticket",
  initial: "none",
  states: { none: [on(all(Booked, Paid), to("PRINTED"))], PRINTED: [] },
});
const theatre = choreography("Theatre", {
  participants: [booking, ticket],
  ends: { printed: { Booking: "PAID", Ticket: "PRINTED" } },
});
const services = [
  service(booking, {
    handlers: { none: { book: ({ payload, choose }) => choose({ Booked: payload }, { data: payload }) } },
  }),
  service(ticket),
];

/** A theatre with a booking for each id, the last one latest. */
async function booked(...ids: readonly string[]) {
  const here = new World({ choreography: theatre, services });
  const engine = await here.start();
  for (const [seats, sagaId] of ids.entries()) {
    await engine.send(book, { seats }, { sagaId });
    await here.pass(10);
  }
  return { here, engine };
}

describe("the entities of a participant", () => {
  it("have its states and its data, by key", async () => {
    const { here } = await booked("a", "b");
    await using _ = here;
    const bookings = entitiesOf(here.database, booking);
    const a = await bookings.get("a");
    expect(a).toMatchObject({ key: "a", sagaId: "a", state: "OPEN", data: { seats: 0 }, version: 1 });
    expectTypeOf(a?.state).toEqualTypeOf<"none" | "OPEN" | "PAID" | undefined>();
    expectTypeOf(a?.data).toEqualTypeOf<{ seats: number } | undefined>();
    expect(await bookings.get("c")).toBeUndefined();
    expect(await bookings.get("\0")).toBeUndefined();
    expect([...(await bookings.getAll(["b", "c", "a"])).keys()].toSorted()).toEqual(["a", "b"]);
  });

  it("come page by page, the newest first, also those in some states only", async () => {
    const { here, engine } = await booked("a", "b", "c");
    await using _ = here;
    await engine.send(pay, { sagaId: "b" });
    const bookings = entitiesOf(here.database, booking);
    const first = await bookings.page({ limit: 2 });
    expect(first.map(({ key }) => key)).toEqual(["c", "b"]);
    const [, after] = first;
    if (after === undefined) throw new Error("a page of two has two");
    expect((await bookings.page({ limit: 2, after })).map(({ key }) => key)).toEqual(["a"]);
    expect((await bookings.page({ limit: 9, states: ["OPEN"] })).map(({ key }) => key)).toEqual(["c", "a"]);
  });

  it("are in the state that declares a join while it collects its events", async () => {
    const { here } = await booked("a");
    await using _ = here;
    const tickets = entitiesOf(here.database, ticket);
    await here.calm();
    expect(await tickets.get("a")).toMatchObject({ state: "none", data: undefined });
    expect(await tickets.page({ limit: 9, states: ["none"] })).toHaveLength(1);
  });

  it("have their data in the present version, whatever version wrote them", async () => {
    const { here } = await booked("a");
    await using _ = here;
    const Rows = z.object({ rows: z.array(z.number()) });
    const later = participant("Booking", {
      entity: "Booking",
      data: versioned(Rows, ({ seats }: { seats: number }) => ({ rows: [seats] })),
      initial: "none",
      states: { none: [on(book, to("OPEN"))], OPEN: [] },
    });
    expect((await entitiesOf(here.database, later).get("a"))?.data).toEqual({ rows: [0] });
  });

  it("whose data or state are not the contract's are refused, and named", async () => {
    const { here } = await booked("a");
    await using _ = here;
    const strict = bookingWith(z.object({ seats: z.number().min(1) }));
    await expect(entitiesOf(here.database, strict).get("a")).rejects.toMatchObject({
      code: "Q_PAYLOAD_INVALID",
      message: /^data of Booking a: seats: /,
    });
    const closed = participant("Booking", { entity: "Booking", initial: "CLOSED", states: { CLOSED: [] } });
    await expect(entitiesOf(here.database, closed).get("a")).rejects.toMatchObject({
      code: "Q_STATE_UNKNOWN",
      message: "Booking a is in state OPEN, which its contract does not have.",
    });
  });

  it("are asked for with a limit and with states that there are", async () => {
    const bookings = entitiesOf(memoryDatabase(), booking);
    for (const limit of [0, -1, 0.5, Number.NaN])
      await expect(bookings.page({ limit })).rejects.toMatchObject({ code: "Q_QUERY_UNKNOWN" });
    // @ts-expect-error -- a state that the contract does not have does not compile
    await expect(bookings.page({ limit: 1, states: ["PRINTED"] })).rejects.toMatchObject({
      message: "Booking has no state PRINTED; it has none, OPEN, PAID.",
    });
  });

  it("are missing where no engine has run, and found once one has", async () => {
    const here = new World({ choreography: theatre, services });
    await using _ = here;
    const bookings = entitiesOf(here.database, booking);
    await expect(bookings.get("a")).rejects.toMatchObject({ code: "Q_SCHEMA_MISSING" });
    const engine = await here.start();
    await engine.send(book, { seats: 2 }, { sagaId: "a" });
    expect((await bookings.get("a"))?.data).toEqual({ seats: 2 });
  });
});
