// What calls came back with when their worker had left its lane already: recorded with what is parked, as a
// result is whose handler has failed. So the next owner of the lane does not make the call again.
import { businessOf } from "../../ambient/business-clock.ts";
import type { FlushResult } from "../../store/store.ts";
import type { Returned } from "../call/activities.ts";
import { check } from "../dispatch/judge.ts";
import { recordOf } from "../lane/call-record.ts";
import { messageOf } from "../lane/deadlines-and-calls.ts";
import { noneParked, Parking } from "../lane/parking.ts";
import type { Incoming } from "../message/incoming.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** How often a flush is tried again that the lane's new owner has overtaken. */
const triesMax = 5;

/** The late results of one lane. */
export class LateResults {
  readonly #options: WorkerOptions;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Records one, after those before it. */
  record(late: Returned): void {
    this.#writing = this.#writing.then(() => this.#record(late));
  }

  /** Resolves when all that have come so far were recorded, or cannot be. */
  written(): Promise<void> {
    return this.#writing;
  }

  /** Where the database is closed by now, or a later contract has its tables, the call is made once more. */
  async #record(late: Returned): Promise<void> {
    try {
      for (let tries = 0; tries < triesMax; tries += 1) if ((await this.#write(late)) !== "overtaken") return;
    } catch {
      // As after the end of a process.
    }
  }

  /** From the tables: another process may have gone on with the lane. Nothing where the state was left. */
  async #write({ entity: { key, since }, activity, result }: Returned): Promise<FlushResult | undefined> {
    const { store, lane, code, generation, payloads, ambient } = this.#options;
    const { turn, head, lastOrdinal, generation: found } = await store.recover(lane);
    await generation.check(found);
    const entity = (await store.load([key])).get(key);
    if (entity?.since !== since || !result.ok) return undefined;
    const trigger = { kind: "activity", trigger: activity, data: result.value } as const;
    const message = this.#checked(messageOf(code.table.name, entity, trigger));
    const data = recordOf(payloads, message);
    if (data === undefined) return undefined;
    const parking = new Parking({ lane, lastOrdinal, census: noneParked });
    parking.learn([key], await store.parkedFor(lane, [key], 1));
    const now = ambient.clock.now();
    const state = { reason: "waiting", attempts: 0, nextAt: now, error: undefined } as const;
    const recorded = { ...message, data, notBefore: businessOf(ambient).now() };
    parking.park(recorded, { ...state, version: entity.version }, now);
    const nothing = { created: [], changed: [], journal: [], answers: [], inbox: new Map<string, number>() };
    const flush = { lane, turn, head, ...nothing, ...parking.takeChanges() };
    return store.transact((scope) => scope.flush(flush));
  }

  /** As parsed; one that does not fit stays as it came, and the next owner says why. */
  #checked(message: Incoming): Incoming {
    try {
      return check(this.#options, message);
    } catch {
      return message;
    }
  }
}
