// A week in a moment: business time is stepped from deadline to deadline, and an unpaid invoice is reminded
// of and given up.
import {
  after,
  choreography,
  command,
  event,
  lock,
  memoryDatabase,
  on,
  participant,
  service,
  startEngine,
  steppedTime,
  to,
} from "quadrille";
import { openOperations } from "quadrille/operations";

const send = command("sendInvoice");
const Reminded = event("Reminded");
const GivenUp = event("GivenUp");
const invoice = participant("Invoice", {
  entity: "Invoice",
  initial: "none",
  states: {
    none: [on(send, to("OPEN"))],
    OPEN: lock([after("3d", to("REMINDED").emits(Reminded))]),
    REMINDED: lock([after("4d", to("GIVEN_UP").emits(GivenUp))]),
    GIVEN_UP: [],
  },
});
export const billing = choreography("Billing", {
  participants: [invoice],
  publicEvents: [Reminded, GivenUp],
  ends: { givenUp: { Invoice: "GIVEN_UP" } },
});

if (import.meta.main) {
  const database = memoryDatabase();
  await using engine = await startEngine({
    choreography: billing,
    services: [service(invoice, { handlers: {} })],
    database,
    businessTime: steppedTime({ from: "2015-01-05T09:00:00Z" }),
  });
  const { sagaId } = await engine.send(send);
  await engine.time.moveTo(Date.parse("2015-02-01T00:00:00Z"));
  const operations = await openOperations({ choreography: billing, database });
  for (const { time, to: state } of (await operations.saga(sagaId))?.timeline ?? [])
    console.log(`${new Date(time).toISOString()} ${state}`);
}
