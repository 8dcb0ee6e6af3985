// One of two processes of the example of loyalty points: it runs the participants of one choreography, or of
// the other. Started by a test with `fork`.
import process from "node:process";
import { command, startEngine } from "quadrille";
import { postgresDatabase } from "quadrille/postgres";
import { z } from "zod";
import { loyalty, orders, services } from "../docs/examples/guide/loyalty-points.ts";

/**
 * What the test asks of the process that takes orders: to place a number of them, one after the other or at
 * once.
 */
export interface Asked {
  readonly orders: number;
  readonly atOnce: boolean;
}

/** What a process reports. */
export type Report =
  | { readonly is: "ready" | "placed" }
  /** A saga of the process's choreography has come to its end, at a time in milliseconds since 1970. */
  | { readonly is: "ended"; readonly choreography: string; readonly sagaId: string; readonly at: number };

const [url = "", choreography = ""] = process.argv.slice(2);
const one = [orders, loyalty].find(({ name }) => name === choreography);
const runs = new Set(one?.participants.map(({ name }) => name));
const placeOrder = command("placeOrder", z.object({ customerId: z.string(), cents: z.int() }));
const database = await postgresDatabase({ url, connectionsMax: 3 });
const engine = await startEngine({
  choreographies: [orders, loyalty],
  services: services.filter(({ participant }) => runs.has(participant.name)),
  database,
  // It polls so rarely that what it knows, it knows from notices.
  limits: { pollMs: 10_000 },
});

function report(message: Report): void {
  process.send?.(message);
}

engine.onEnd(({ sagaId, choreography: of }) => {
  const at = performance.timeOrigin + performance.now();
  if (of === choreography) report({ is: "ended", choreography, sagaId, at });
});
process.on("message", (asked: Asked) => {
  void (async () => {
    const place = (): Promise<unknown> => engine.send(placeOrder, { customerId: "Ada", cents: 1_250 });
    if (asked.atOnce) await Promise.all(Array.from({ length: asked.orders }, place));
    else for (let nth = 0; nth < asked.orders; nth += 1) await place();
    report({ is: "placed" });
  })();
});
process.on("disconnect", () => process.exit(0));
report({ is: "ready" });
