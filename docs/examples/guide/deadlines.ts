// A quote expires if it is not accepted in time: a business deadline, kept by the entity's state.
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
  to,
} from "quadrille";

const offer = command("offer");
const accept = command("accept");
const QuoteAccepted = event("QuoteAccepted");
const QuoteExpired = event("QuoteExpired");

const quotes = participant("Quotes", {
  entity: "Quote",
  initial: "none",
  states: {
    none: [on(offer, to("OPEN"))],
    OPEN: lock([
      on(accept, to("ACCEPTED").emits(QuoteAccepted)),
      after("200ms", to("EXPIRED").emits(QuoteExpired), "runsOut"),
    ]),
    ACCEPTED: [],
    EXPIRED: [],
  },
});
export const quoting = choreography("Quoting", {
  participants: [quotes],
  publicEvents: [QuoteAccepted, QuoteExpired],
  ends: { accepted: { Quotes: "ACCEPTED" }, expired: { Quotes: "EXPIRED" } },
});

if (import.meta.main) {
  await using database = memoryDatabase();
  await using engine = await startEngine({
    choreography: quoting,
    services: [service(quotes)],
    database,
  });
  const first = await engine.send(offer);
  await engine.send(accept, { sagaId: first.sagaId });
  const second = await engine.send(offer);
  for (const { sagaId } of [first, second])
    console.log((await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) }))?.end);
}
