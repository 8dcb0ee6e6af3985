// A seat that sagas share, and a hold on it that runs out: checked, and run by a test on every store.
import {
  after,
  choreography,
  command,
  defer,
  event,
  lock,
  memoryDatabase,
  on,
  participant,
  service,
  startEngine,
  to,
  type Duration,
} from "quadrille";
import { z } from "zod";

const Seat = z.object({ seat: z.string() });
const want = command("want", Seat);
const block = command("block", Seat);
const SeatWanted = event("SeatWanted", Seat);
const SeatHeld = event("SeatHeld");
const SeatRefused = event("SeatRefused");
const HoldExpired = event("HoldExpired");

const booking = participant("Booking", {
  entity: "Booking",
  initial: "none",
  states: {
    none: [on(want, to("WAITS").emits(SeatWanted))],
    WAITS: lock([on(SeatHeld, to("HELD")), on(SeatRefused, to("REFUSED")), defer(HoldExpired)]),
    HELD: lock([on(HoldExpired, to("EXPIRED"))]),
    REFUSED: [],
    EXPIRED: [],
  },
});

/** The seat is one entity for all bookings: its key is in the payload of everything it takes. */
const by = ({ seat }: { seat: string }) => seat;
const seatWithHold = (hold: Duration) =>
  participant("Seat", {
    entity: "Seat",
    initial: "FREE",
    states: {
      FREE: [on(SeatWanted, to("HELD").emits(SeatHeld), { by }), on(block, to("BLOCKED"), { by })],
      HELD: lock([
        on(SeatWanted, to("HELD").emits(SeatRefused), { by }),
        after(hold, to("FREE").emits(HoldExpired), "holdEnds"),
      ]),
      BLOCKED: [on(SeatWanted, to("BLOCKED").emits(SeatRefused), { by })],
    },
  });

/** A cinema in which a hold runs out after `hold`. */
export function cinemaWithHold(hold: Duration) {
  const seat = seatWithHold(hold);
  const contract = choreography("Cinema", {
    participants: [booking, seat],
    ends: {
      expired: { Booking: "EXPIRED" },
      refused: { Booking: "REFUSED" },
    },
  });
  const services = [
    service(booking, {
      handlers: { none: { want: ({ payload: wish, choose }) => choose({ SeatWanted: wish }) } },
    }),
    service(seat),
  ];
  return { choreography: contract, services, want, block };
}

export const cinema = cinemaWithHold("10m").choreography;

if (import.meta.main) {
  const { want: wantSeat, ...parts } = cinemaWithHold("1s");
  await using database = memoryDatabase();
  await using engine = await startEngine({ ...parts, database });
  for (const sagaId of ["A", "B"]) {
    await engine.send(wantSeat, { seat: "12F" }, { sagaId });
    console.log(await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) }));
  }
}
