// A process of its own with one choreography of the points system on a PostgreSQL. Started by the tests with
// `fork`; it buys what it is asked to, and tells what was bought.
import process from "node:process";
import { systemAmbient } from "../src/ambient/system.ts";
import { startEngine } from "../src/engine/engine.ts";
import { postgresDatabase } from "../src/store/postgres/postgres-database.ts";
import { buy, loyalty, loyaltyServices, sale, saleServices } from "./points-system.ts";

/** What a test asks of it: to buy in these sagas, each once, whoever asks again. */
export interface Buying {
  readonly sagaIds: readonly string[];
}

/** What it tells. */
export type PointsTold = { readonly is: "ready" } | { readonly is: "bought"; readonly sagaId: string };

const [url = "", which = "sale"] = process.argv.slice(2);
const tell = (told: PointsTold): void => void process.send?.(told);
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
      () => tell({ is: "bought", sagaId }),
      () => undefined,
    );
  }
});
process.on("disconnect", () => process.exit(0));
tell({ is: "ready" });
