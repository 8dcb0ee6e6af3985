// A call to a carrier that is away at first, and one that can never work: retried, or given up with an
// outcome.
import {
  activity,
  choreography,
  command,
  gaveUp,
  lock,
  memoryDatabase,
  NonRetryableError,
  on,
  participant,
  service,
  startEngine,
  to,
} from "quadrille";
import { z } from "zod";

const Parcel = z.object({ address: z.string() });
export const ship = command("ship", Parcel);
const bookCarrier = activity("bookCarrier", z.object({ label: z.string() }), {
  timeLimit: "2s",
  attempts: 5,
  backoff: "10ms",
});

const parcels = participant("Parcels", {
  entity: "Parcel",
  initial: "none",
  data: Parcel,
  states: {
    none: [on(ship, to("BOOKING"))],
    BOOKING: lock([on(bookCarrier, to("BOOKED")), gaveUp(bookCarrier, to("RETURNED"))]),
    BOOKED: [],
    RETURNED: [],
  },
});
export const shipping = choreography("Shipping", {
  participants: [parcels],
  ends: { booked: { Parcels: "BOOKED" }, returned: { Parcels: "RETURNED" } },
});

export const parcelService = service(parcels, {
  handlers: { none: { ship: ({ payload, choose }) => choose({ data: payload }) } },
  activities: {
    bookCarrier: async ({ entity, id, attempt }) => {
      if (entity.data.address === "the moon") throw new NonRetryableError("no carrier goes there");
      if (attempt < 3) throw new Error("the carrier is away");
      return { label: `${id} at attempt ${attempt}` };
    },
  },
});

if (import.meta.main) {
  await using database = memoryDatabase();
  await using engine = await startEngine({ choreography: shipping, services: [parcelService], database });
  for (const address of ["Main Street 1", "the moon"]) {
    const { sagaId } = await engine.send(ship, { address });
    console.log(
      `${address}: ${(await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) }))?.end}`,
    );
  }
}
