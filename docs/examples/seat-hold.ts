// A seat that sagas share, and a hold on it that is bought or runs out: checked, and run by a test on every
// store.
import {
  after,
  choreography,
  command,
  defer,
  event,
  ignore,
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
const buy = command("buy");
const block = command("block", Seat);
const SeatWanted = event("SeatWanted", Seat);
const SeatHeld = event("SeatHeld");
const SeatRefused = event("SeatRefused");
const HoldExpired = event("HoldExpired");
const SeatBought = event("SeatBought", Seat);
const SeatSold = event("SeatSold");
const SeatLost = event("SeatLost");

const booking = participant("Booking", {
  entity: "Booking",
  data: Seat,
  initial: "none",
  states: {
    none: [on(want, to("WAITS").emits(SeatWanted))],
    WAITS: lock([on(SeatHeld, to("HELD")), on(SeatRefused, to("REFUSED")), defer(HoldExpired)]),
    HELD: lock([on(buy, to("BUYING").emits(SeatBought)), on(HoldExpired, to("EXPIRED"))]),
    BUYING: lock([on(SeatSold, to("BOUGHT")), on(SeatLost, to("EXPIRED")), ignore(HoldExpired)]),
    BOUGHT: [],
    REFUSED: [],
    EXPIRED: [],
  },
});

/** The seat is one entity for all bookings: its key is in the payload of everything it takes. */
const by = ({ seat }: { seat: string }) => seat;
/** The booking that has the hold may buy the seat. One whose hold ran out may meet another booking's. */
const heldSeat = {
  mine: to("SOLD").emits(SeatSold).ifOwn(),
  lost: to("HELD").emits(SeatLost).ifOther(),
};
const seatWithHold = (hold: Duration) =>
  participant("Seat", {
    entity: "Seat",
    initial: "FREE",
    states: {
      FREE: [
        on(SeatWanted, to("HELD").emits(SeatHeld), { by }),
        on(SeatBought, to("FREE").emits(SeatLost), { by }),
        on(block, to("BLOCKED"), { by }),
      ],
      HELD: lock([
        on(SeatWanted, to("HELD").emits(SeatRefused), { by }),
        on(SeatBought, heldSeat, { by }),
        after(hold, to("FREE").emits(HoldExpired), "holdEnds"),
      ]),
      SOLD: [
        on(SeatWanted, to("SOLD").emits(SeatRefused), { by }),
        on(SeatBought, to("SOLD").emits(SeatLost), { by }),
      ],
      BLOCKED: [
        on(SeatWanted, to("BLOCKED").emits(SeatRefused), { by }),
        on(SeatBought, to("BLOCKED").emits(SeatLost), { by }),
      ],
    },
  });

/** A cinema in which a hold runs out after `hold`. */
export function cinemaWithHold(hold: Duration) {
  const seat = seatWithHold(hold);
  const contract = choreography("Cinema", {
    participants: [booking, seat],
    ends: {
      bought: { Booking: "BOUGHT" },
      expired: { Booking: "EXPIRED" },
      refused: { Booking: "REFUSED" },
    },
  });
  const services = [
    service(booking, {
      handlers: {
        none: { want: ({ payload: wish, choose }) => choose({ SeatWanted: wish }, { data: wish }) },
        HELD: { buy: ({ entity, choose }) => choose({ SeatBought: entity.data }) },
      },
    }),
    service(seat, {
      handlers: { HELD: { SeatBought: ({ isOwn, choose }) => (isOwn ? choose.mine() : choose.lost()) } },
    }),
  ];
  return { choreography: contract, services, want, buy, block };
}

export const cinema = cinemaWithHold("10m").choreography;

if (import.meta.main) {
  const { choreography: contract, services, want: wantSeat } = cinemaWithHold("1s");
  await using database = memoryDatabase();
  await using engine = await startEngine({ choreography: contract, services, database });
  for (const sagaId of ["A", "B"]) {
    await engine.send(wantSeat, { seat: "12F" }, { sagaId });
    console.log(await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) }));
  }
}
