// A process of its own with one choreography of the points system on a PostgreSQL. Started by the tests with
// `fork`; it buys what it is asked to, and reports what was bought.
import process from "node:process";
import { systemAmbient } from "../src/ambient/system.ts";
import { startEngine } from "../src/engine/engine.ts";
import { postgresDatabase } from "../src/store/postgres/postgres-database.ts";
import { buy, loyalty, loyaltyServices, sale, saleServices } from "./points-system.ts";

/** What a test asks of it: to buy in these sagas, each once, however often it is asked. */
export interface Buying {
  readonly sagaIds: readonly string[];
}

/** What it reports. */
export type PointsReport = { readonly is: "ready" } | { readonly is: "bought"; readonly sagaId: string };

const [url = "", which = "sale"] = process.argv.slice(2);
const report = (message: PointsReport): void => void process.send?.(message);
const database = await postgresDatabase({ url, connectionsMax: 3 });
const engine = await startEngine({
  choreographies: [sale, loyalty],
  services: which === "sale" ? saleServices() : loyaltyServices(),
  database,
  ambient: systemAmbient(() => undefined),
});

process.on("message", ({ sagaIds }: Buying) => {
  for (const sagaId of sagaIds) {
    void engine.send(buy, { customer: "Ada", cents: 250 }, { sagaId, idempotencyKey: `buy ${sagaId}` }).then(
      () => report({ is: "bought", sagaId }),
      () => undefined,
    );
  }
});
process.on("disconnect", () => process.exit(0));
report({ is: "ready" });
