// Commands that say when they take place: many sagas run together in stepped time, each at its own time; and
// who moves it.
import { describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { steppedTime, timeLapse } from "../ambient/business-time.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, lock, on } from "../contract/reaction.ts";
import { activity, command, event } from "../contract/trigger.ts";
import type { Engine } from "./message/api.ts";

const book = command("book");
const pay = command("pay");
const Booked = event("Booked");
const Paid = event("Paid");
const Lapsed = event("Lapsed");
const notify = activity("notify");
const desk = participant("Desk", {
  entity: "Booking",
  initial: "none",
  states: {
    none: [on(book, to("BOOKED").emits(Booked))],
    BOOKED: [on(pay, to("PAID").emits(Paid)), after("1h", to("LAPSED").emits(Lapsed))],
    PAID: [],
    LAPSED: [],
  },
});
const mailer = participant("Mailer", {
  entity: "Mail",
  initial: "none",
  states: {
    none: [on(Booked, to("ASKING"))],
    ASKING: lock([on(notify, to("ASKED"))]),
    ASKED: [on(Paid, to("THANKED")), on(Lapsed, to("REGRETTED"))],
    THANKED: [],
    REGRETTED: [],
  },
});
const booking = choreography("Booking", {
  participants: [desk, mailer],
  ends: {
    paid: { Desk: "PAID", Mailer: "THANKED" },
    lapsed: { Desk: "LAPSED", Mailer: "REGRETTED" },
  },
});
const services = [
  service(desk, { handlers: {} }),
  service(mailer, { handlers: {}, activities: { notify: async () => undefined } }),
];
const minute = 60_000;
const from = Date.parse("2015-01-01T00:00:00Z");
const businessTime = steppedTime({ from });
const world = (): World => new World({ choreography: booking, services });

/** A saga's rows in both journals, with minutes after the beginning, in the order of the journals. */
async function journals(here: World): Promise<ReadonlyMap<string, readonly string[]>> {
  const bySaga = new Map<string, string[]>();
  for (const name of ["Desk", "Mailer"]) {
    const store = await here.store(name);
    for (const row of await store.reactions(0, 0, 10_000)) {
      const rows = bySaga.get(row.sagaId) ?? [];
      rows.push(`${(row.time - from) / minute} ${name} ${row.trigger} ${row.to}`);
      bySaga.set(row.sagaId, rows);
    }
  }
  return new Map([...bySaga].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const bookings = Array.from({ length: 40 }, (_, number) => {
  const bookedAt = from + number * 7 * minute;
  return { sagaId: `s${number}`, bookedAt, paidAt: number % 3 === 0 ? undefined : bookedAt + 20 * minute };
});

/** Every command when its time has come. */
async function oneByOne(engine: Engine): Promise<void> {
  const agenda = bookings.flatMap(({ sagaId, bookedAt, paidAt }) => [
    { at: bookedAt, send: () => engine.send(book, { sagaId }) },
    ...(paidAt === undefined ? [] : [{ at: paidAt, send: () => engine.send(pay, { sagaId }) }]),
  ]);
  for (const { at, send } of agenda.toSorted((a, b) => a.at - b.at)) {
    await engine.time.moveTo(at);
    expect(await send()).toMatchObject({ status: "accepted" });
  }
  await engine.time.moveTo(from + 1_000 * minute);
}

/** All bookings at once, then all payments, each at its own time. */
async function together(engine: Engine): Promise<void> {
  await Promise.all(bookings.map(({ sagaId, bookedAt }) => engine.send(book, { sagaId, at: bookedAt })));
  await engine.idle();
  const paid = bookings.flatMap(({ sagaId, paidAt: at }) => (at === undefined ? [] : [{ sagaId, at }]));
  await Promise.all(paid.map((one) => engine.send(pay, one)));
  await engine.time.moveTo(from + 1_000 * minute);
}

describe("commands with a time of their own", () => {
  it("write the journals, saga by saga, that they would write one after the other", async () => {
    await using slow = world();
    await oneByOne(await slow.start({ businessTime }));
    await using quick = world();
    await together(await quick.start({ businessTime }));
    const [expected, found] = [await journals(slow), await journals(quick)];
    expect(found).toEqual(expected);
    expect(found.get("s3")).toEqual([
      "21 Desk book BOOKED",
      "81 Desk after 1h LAPSED",
      "21 Mailer Booked ASKING",
      "21 Mailer notify ASKED",
      "81 Mailer Lapsed REGRETTED",
    ]);
    expect(found.get("s4")?.at(-1)).toBe("48 Mailer Paid THANKED");
    expect(await quick.audit()).toEqual([]);
  });

  it("count as past after a restart: time goes on from the latest row, wherever it stands", async () => {
    await using here = world();
    const first = await here.start({ businessTime });
    await first.send(book, { sagaId: "late", at: from + 90 * minute });
    await first.send(book, { sagaId: "early", at: from + 10 * minute });
    expect(first.time.now()).toBe(from);
    await here.stop(first);
    const second = await here.start({ businessTime });
    expect(second.time.now()).toBe(from + 90 * minute);
    await second.send(book, { sagaId: "next", at: from + 20 * minute });
    expect((await journals(here)).get("next")?.[0]).toBe("90 Desk book BOOKED");
  });

  it("do not pass over a deadline that comes first", async () => {
    await using here = world();
    const engine = await here.start({ businessTime });
    await engine.send(book, { sagaId: "s" });
    await expect(engine.send(pay, { sagaId: "s", at: from + 60 * minute })).rejects.toThrow(
      "pay was sent for 2015-01-01T01:00:00.000Z, and the deadline after 1h of s comes first, at 2015-01-01T01:00:00.000Z: move time there, then send it.",
    );
    expect(await engine.send(pay, { sagaId: "s", at: from + 59 * minute })).toMatchObject({ state: "PAID" });
  });

  it("are refused where time is not stepped, and at a time that is none", async () => {
    await using here = world();
    const machine = await here.start();
    await expect(machine.send(book, { at: from })).rejects.toMatchObject({ code: "Q_TIME_NOT_STEPPED" });
    await here.stop(machine);
    const stepped = await here.start({ businessTime });
    await expect(stepped.send(book, { at: Number.NaN })).rejects.toMatchObject({ code: "Q_PAYLOAD_INVALID" });
  });
});

describe("who moves business time", () => {
  it("is the first that was given it; another takes over when that one is gone", async () => {
    await using here = world();
    const first = await here.start({ businessTime });
    const second = await here.start({ businessTime: steppedTime({ from: from + 500 * minute }) });
    await first.time.moveTo(from + 5 * minute);
    await expect(second.time.moveTo(from + 600 * minute)).rejects.toThrow(
      "Business time cannot be moved here: another process moves it.",
    );
    await here.until(() => second.time.now() === from + 5 * minute);
    await here.stop(first);
    await second.time.moveTo(from + 10 * minute);
    expect(second.time.now()).toBe(from + 500 * minute);
  });

  it("goes on with a time lapse in another process, and never back", async () => {
    await using here = world();
    const lapse = timeLapse({ from, factor: 60 });
    const first = await here.start({ businessTime: lapse });
    const second = await here.start({ businessTime: lapse });
    await here.pass(10_000);
    await here.stop(first);
    const then = second.time.now();
    expect(then).toBeGreaterThanOrEqual(from + 10 * minute);
    await here.pass(10_000);
    // It stood still until it was taken over, at most for a look and a half.
    expect(second.time.now() - then).toBeGreaterThan(8 * minute);
    expect(second.time.now() - then).toBeLessThanOrEqual(10 * minute);
  });
});
