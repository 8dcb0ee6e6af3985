// Runs a version in a data folder: `main.ts FOLDER VERSION till AMOUNT` pays, `main.ts FOLDER VERSION book`
// writes down.
import { type Choreography, command, isQuadrilleError, type Service, startEngine } from "quadrille";
import { pgliteDatabase } from "quadrille/pglite";
import { z } from "zod";
import * as cents from "./cents/choreography.ts";
import * as euros from "./euros/choreography.ts";
import * as renamed from "./renamed/choreography.ts";

interface Version {
  readonly default: Choreography;
  readonly services: readonly Service[];
}

const versions: ReadonlyMap<string, Version> = new Map(Object.entries({ cents, euros, renamed }));
const pay = command("pay", z.object({ amount: z.number() }));

const [folder = ".quadrille/changing", name = "euros", role = "till", amount = "0"] = process.argv.slice(2);
const { default: choreography, services } = versions.get(name) ?? euros;
const running = services.filter(({ participant }) => participant.name.toLowerCase() === role);
await using database = await pgliteDatabase({ folder });
try {
  await using engine = await startEngine({ choreography, database, services: running });
  if (role === "till") console.log(`paid: ${(await engine.send(pay, { amount: Number(amount) })).status}`);
  await engine.idle({ signal: AbortSignal.timeout(10_000) });
} catch (error) {
  if (!isQuadrilleError(error)) throw error;
  console.log(`${error.code}: ${error.message}`);
}
