// Orders the suppers named on the command line and works until nothing is left to do. With OVEN=cold the
// kitchen's handler throws, and its message becomes a dead letter at once: one attempt is the limit here.
import { service, startEngine } from "quadrille";
import { pgliteDatabase } from "quadrille/pglite";
import { guest, kitchen, orderSupper, supper } from "./choreography.ts";

const [folder = ".quadrille/supper", ...suppers] = process.argv.slice(2);
const services = [
  service(guest),
  service(kitchen, {
    handlers: {
      NONE: {
        SupperOrdered: ({ choose }) => {
          if (process.env["OVEN"] === "cold") throw new Error("the oven is cold");
          return choose();
        },
      },
    },
  }),
];

await using database = await pgliteDatabase({ folder });
await using engine = await startEngine({
  choreography: supper,
  services,
  database,
  limits: { attemptsMax: 1 },
});
engine.onEnd(({ sagaId, end }) => console.log(`${sagaId}: ${end}`));
for (const sagaId of suppers) await engine.send(orderSupper, { sagaId, idempotencyKey: sagaId });
await engine.idle({ signal: AbortSignal.timeout(10_000) });
for (const { name, parked } of engine.status()) console.log(`${name}: ${parked.dead} dead letters`);
