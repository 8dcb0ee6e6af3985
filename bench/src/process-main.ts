// One of several processes on the same participants: Create Order sagas in a closed loop, counted while its
// parent asks for it. Scattered sagas have ids that the program gives, and a provider that answers each call
// after another time, so they lie in all lanes as they come.
import { randomUUID } from "node:crypto";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { startEngine } from "quadrille";
import { postgresDatabase } from "quadrille/postgres";
import { orderLife } from "../../apps/pizza-place/src/choreography.ts";
import { createOrder } from "../../apps/pizza-place/src/order/contract.ts";
import { pizzaWorkload } from "./pizza-services.ts";

/** Its parent's messages: keep a number of sagas in flight, count for some seconds, end. */
export type Asked =
  | { readonly ask: "load"; readonly inFlight: number; readonly warmUpSagas: number }
  | { readonly ask: "measure"; readonly seconds: number }
  | { readonly ask: "end" };

/** Its answers. */
export type Report =
  | { readonly is: "started" | "warm" | "ended" }
  | { readonly is: "measured"; readonly sagas: number; readonly cpuMs: number };

const [url = "", lanes = "1", order = "together"] = process.argv.slice(2);
const isScattered = order === "scattered";
/** The longest that the provider takes for scattered sagas. */
const answerMsMax = 50;
const workload = pizzaWorkload("life", (provider) => {
  if (!isScattered) return provider;
  return {
    authorize: async (request, signal) => {
      await pause(Math.random() * answerMsMax);
      return provider.authorize(request, signal);
    },
  };
});
const database = await postgresDatabase({ url });
const { services } = workload;
const engine = await startEngine({ choreography: orderLife, services, database, lanes: Number(lanes) });
const state = { ended: 0, isOn: true, isStopping: false, warmUpSagas: 0 };
let placed = 0;

function report(message: Report): void {
  process.send?.(message);
}

function place(): void {
  const options = isScattered ? { sagaId: randomUUID() } : {};
  engine.send(createOrder, workload.orderAt(placed), options).catch((error: unknown) => {
    // While it stops, a command that waits for another process is given back to its caller.
    if (state.isStopping) return;
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
  placed += 1;
}

engine.onEnd(() => {
  state.ended += 1;
  if (state.ended === state.warmUpSagas) report({ is: "warm" });
  if (state.isOn) place();
});

async function measure(seconds: number): Promise<void> {
  const before = { ended: state.ended, cpu: process.cpuUsage(), at: performance.now() };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const cpu = process.cpuUsage(before.cpu);
  const perMs = (state.ended - before.ended) / (performance.now() - before.at);
  report({ is: "measured", sagas: perMs * seconds * 1_000, cpuMs: (cpu.user + cpu.system) / 1_000 });
}

async function end(): Promise<void> {
  state.isOn = false;
  state.isStopping = true;
  await engine.drain();
  await database[Symbol.asyncDispose]();
  report({ is: "ended" });
  process.disconnect();
}

process.on("message", (asked: Asked) => {
  if (asked.ask === "end") return void end();
  if (asked.ask === "measure") return void measure(asked.seconds);
  state.warmUpSagas = asked.warmUpSagas;
  for (let index = 0; index < asked.inFlight; index += 1) place();
});
report({ is: "started" });
