// One program, to be started several times on one PostgreSQL: its processes share the lanes of the
// participants.
import { memoryDatabase, startEngine } from "quadrille";
import { postgresDatabase } from "quadrille/postgres";
import { parcelService, ship, shipping } from "./activities.ts";

const url = process.env["QUADRILLE_DATABASE"];
await using database = url === undefined ? memoryDatabase() : await postgresDatabase({ url });
await using engine = await startEngine({ choreography: shipping, services: [parcelService], database });
const { sagaId } = await engine.send(ship, { address: "Main Street 1" });
console.log((await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) }))?.end);
