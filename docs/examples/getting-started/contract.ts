// Book a room: reserve it, take the money, confirm; release the room when the payment fails.
import { activity, choreography, command, event, gaveUp, lock, on, participant, to } from "quadrille";
import { z } from "zod";

const Stay = z.object({ room: z.enum(["single", "double"]), cents: z.int().min(1) });
const Receipt = z.object({ approved: z.boolean() });

export const book = command("book", Stay);
export const charge = activity("charge", Receipt, { attempts: 3, timeLimit: "2s" });
const BookingRequested = event("BookingRequested", Stay);
const RoomReserved = event("RoomReserved", Stay);
const RoomRefused = event("RoomRefused");
const PaymentTaken = event("PaymentTaken");
const PaymentFailed = event("PaymentFailed");

export const booking = participant("Booking", {
  entity: "Booking",
  initial: "none",
  states: {
    none: [on(book, to("PENDING").emits(BookingRequested))],
    PENDING: lock([
      on(PaymentTaken, to("CONFIRMED")),
      on(PaymentFailed, to("REJECTED")),
      on(RoomRefused, to("REJECTED")),
    ]),
    CONFIRMED: [],
    REJECTED: [],
  },
});

export const rooms = participant("Rooms", {
  entity: "Reservation",
  initial: "none",
  states: {
    none: [
      on(BookingRequested, {
        ok: to("RESERVED").emits(RoomReserved),
        full: to("REFUSED").emits(RoomRefused),
      }),
    ],
    RESERVED: [on(PaymentFailed, to("RELEASED"))],
    REFUSED: [],
    RELEASED: [],
  },
});

export const payment = participant("Payment", {
  entity: "Payment",
  initial: "none",
  data: Stay,
  states: {
    none: [on(RoomReserved, to("CHARGING"))],
    CHARGING: lock([
      on(charge, { ok: to("PAID").emits(PaymentTaken), declined: to("FAILED").emits(PaymentFailed) }),
      gaveUp(charge, to("FAILED").emits(PaymentFailed)),
    ]),
    PAID: [],
    FAILED: [],
  },
});

export const stay = choreography("Stay", {
  participants: [booking, rooms, payment],
  ends: {
    booked: { Booking: "CONFIRMED", Rooms: "RESERVED", Payment: "PAID" },
    full: { Booking: "REJECTED", Rooms: "REFUSED", Payment: "none" },
    unpaid: { Booking: "REJECTED", Rooms: "RELEASED", Payment: "FAILED" },
  },
});
