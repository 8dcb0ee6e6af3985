// biome-ignore-all format: it stands in the README as it stands here
import { choreography, command, event, lock, memoryDatabase, on, participant, service, startEngine, to } from "quadrille";
import { z } from "zod";

const Items = z.object({ sku: z.string(), quantity: z.int().min(1) });
const placeOrder = command("placeOrder", Items);
const OrderPlaced = event("OrderPlaced", Items);
const StockReserved = event("StockReserved");
const StockRefused = event("StockRefused");

const order = participant("Order", { entity: "Order", initial: "none", states: {
  none: [on(placeOrder, to("PENDING").emits(OrderPlaced))],
  PENDING: lock([on(StockReserved, to("CONFIRMED")), on(StockRefused, to("REJECTED"))]),
  CONFIRMED: [],
  REJECTED: [],
} });
const stock = participant("Stock", { entity: "Reservation", initial: "none", states: {
  none: [on(OrderPlaced, { ok: to("RESERVED").emits(StockReserved), no: to("REFUSED").emits(StockRefused) })],
  RESERVED: [],
  REFUSED: [],
} });
export const sale = choreography("Sale", { participants: [order, stock], ends: {
  sold: { Order: "CONFIRMED", Stock: "RESERVED" },
  refused: { Order: "REJECTED", Stock: "REFUSED" },
} });

const services = [
  service(order, { handlers: { none: { placeOrder: ({ payload, choose }) => choose({ OrderPlaced: payload }) } } }),
  service(stock, { handlers: { none: { OrderPlaced: ({ payload, choose }) => payload.quantity <= 10 ? choose.ok() : choose.no() } } }),
];
if (import.meta.main) { // importing a contract, as the checker does, starts nothing
  await using database = memoryDatabase(); // or await postgresDatabase({ url }) of "quadrille/postgres"
  await using engine = await startEngine({ choreography: sale, services, database });
  const { sagaId } = await engine.send(placeOrder, { sku: "margherita", quantity: 2 });
  console.log(await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) })); // end: "sold", and the states of both
}
