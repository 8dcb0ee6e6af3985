// Runs three bookings and prints how they end.
import { memoryDatabase, startEngine } from "quadrille";
import { book, stay } from "./contract.ts";
import { services } from "./services.ts";

const takeMoney = async (cents: number): Promise<{ approved: boolean }> => ({ approved: cents <= 20_000 });

await using database = memoryDatabase();
await using engine = await startEngine({ choreography: stay, services: services(takeMoney), database });
const stays = [
  { room: "single", cents: 9_000 },
  { room: "double", cents: 9_000 },
  { room: "single", cents: 90_000 },
] as const;
for (const asked of stays) {
  const { sagaId } = await engine.send(book, asked);
  const end = await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) });
  console.log(`${asked.room} for ${asked.cents} cents: ${end?.end}`);
}
