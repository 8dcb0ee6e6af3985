// The code behind the contract: a handler wherever there is a choice to make or a payload to fill in.
import { type Service, service } from "quadrille";
import { booking, payment, rooms } from "./contract.ts";

/** Takes the money; a real one calls a payment provider. `id` is the same for every attempt of a call. */
export type TakeMoney = (cents: number, id: string) => Promise<{ readonly approved: boolean }>;

export function services(takeMoney: TakeMoney): readonly Service[] {
  return [
    service(booking, {
      handlers: { none: { book: ({ payload, choose }) => choose({ BookingRequested: payload }) } },
    }),
    service(rooms, {
      handlers: {
        none: {
          BookingRequested: ({ payload, choose }) =>
            payload.room === "double" ? choose.full() : choose.ok({ RoomReserved: payload }),
        },
      },
    }),
    service(payment, {
      handlers: {
        none: { RoomReserved: ({ payload, choose }) => choose({ data: payload }) },
        CHARGING: { charge: ({ payload, choose }) => (payload.approved ? choose.ok() : choose.declined()) },
      },
      activities: { charge: ({ entity, id }) => takeMoney(entity.data.cents, id) },
    }),
  ];
}
