// The code behind the contract: a handler wherever there is a choice to make or a payload to fill in.
import { type Service, service } from "quadrille";
import { booking, payment, rooms } from "./contract.ts";

/** Takes the money; a real one calls a payment provider. `id` is the same for every attempt of a call. */
export type TakeMoney = (cents: number, id: string) => Promise<{ readonly approved: boolean }>;

export function services(takeMoney: TakeMoney): readonly Service[] {
  return [
    service(booking, {
      handlers: { none: { book: ({ event, outcome }) => outcome({ BookingRequested: event }) } },
    }),
    service(rooms, {
      handlers: {
        none: {
          BookingRequested: ({ event, outcome }) =>
            event.room === "double" ? outcome.full() : outcome.ok({ RoomReserved: event }),
        },
      },
    }),
    service(payment, {
      handlers: {
        none: { RoomReserved: ({ event, outcome }) => outcome({ data: event }) },
        CHARGING: { charge: ({ event, outcome }) => (event.approved ? outcome.ok() : outcome.declined()) },
      },
      activities: { charge: ({ entity, id }) => takeMoney(entity.data.cents, id) },
    }),
  ];
}
