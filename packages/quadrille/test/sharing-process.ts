// A process of its own on the participants of `shopping`: it sends commands as fast as it is asked to, to
// sagas of its own and of other processes, and keeps count of what it was answered. Started by the tests with
// `fork`.
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "pg";
import { systemAmbient } from "../src/ambient/system.ts";
import { startEngine } from "../src/engine/engine.ts";
import type { Engine } from "../src/engine/message/api.ts";
import { postgresDatabase } from "../src/store/postgres/postgres-database.ts";
import { buy, rate, shopping, shoppingServices } from "./sharing-choreography.ts";

/** What a test asks of it. */
export type Asked =
  | { readonly ask: "load"; readonly inFlight: number }
  | { readonly ask: "stop sending" }
  | { readonly ask: "drain" };

/** What it reports: that it has started, how far it is, or what it has done in the end. */
export interface Report {
  readonly is: "ready" | "counting" | "stopped sending" | "drained";
  /** Reactions written by it. */
  readonly reactions: number;
  /** Sagas that it has begun: each was accepted. */
  readonly begun: readonly string[];
  /** How often each saga was rated, as far as it was answered. */
  readonly rated: Readonly<Record<string, number>>;
  /** Answers that were neither accepted nor refused, as text. */
  readonly failures: readonly string[];
}

const [url = "", lanes = "1"] = process.argv.slice(2);
const calls = new Pool({ connectionString: url, max: 1 });
const pid = process.pid;

/** Every call is written down before it is made; it takes a moment. */
async function makeCharge(id: string): Promise<undefined> {
  await calls.query("insert into charged (id, process) values ($1, $2)", [id, pid]);
  await pause(5 + Math.random() * 15);
  return undefined;
}

const database = await postgresDatabase({ url, connectionsMax: 4 });
const engine = await startEngine({
  choreography: shopping,
  services: shoppingServices(makeCharge),
  database,
  lanes: Number(lanes),
  ambient: systemAmbient(() => undefined),
});
const begun: string[] = [];
const rated: Record<string, number> = {};
const failures: string[] = [];
const sending = { isOn: false };
let senders: Promise<unknown> = Promise.resolve();

function report(is: Report["is"]): void {
  const reactions = engine.status().reduce((sum, status) => sum + status.reactions, 0);
  process.send?.({ is, reactions, begun, rated, failures } satisfies Report);
}

/** One after the other: a new saga, then a rating of one that any process has begun. */
async function sendOn(one: Engine): Promise<void> {
  while (sending.isOn) {
    try {
      const { sagaId } = await one.send(buy);
      begun.push(sagaId);
      const other = begun[Math.floor(Math.random() * begun.length)] ?? sagaId;
      const answer = await one.send(rate, { sagaId: other });
      if (answer.status === "accepted") rated[other] = (rated[other] ?? 0) + 1;
      // Not named here, so that its lane may be another process's.
      const foreign = `${pid}-${begun.length}-${Math.random()}`;
      await one.send(buy, { sagaId: foreign });
      begun.push(foreign);
    } catch (error) {
      failures.push(String(error));
      return;
    }
  }
}

process.on("message", (asked: Asked) => {
  void (async () => {
    if (asked.ask === "load") {
      sending.isOn = true;
      senders = Promise.all(Array.from({ length: asked.inFlight }, () => sendOn(engine)));
      return;
    }
    sending.isOn = false;
    await senders;
    if (asked.ask === "stop sending") return report("stopped sending");
    await engine.drain();
    report("drained");
    await database[Symbol.asyncDispose]();
    await calls.end();
    process.disconnect();
  })();
});
const counting = setInterval(() => {
  if (sending.isOn) report("counting");
}, 100);
process.on("disconnect", () => {
  clearInterval(counting);
  process.exit(0);
});
report("ready");
