// Engines at work in tests: one database that outlives them, one clock that tests move, and an audit
// of what they wrote. Nothing here sleeps: what can run without time runs at once, and time passes in one
// call.
import { setImmediate } from "node:timers/promises";
import { type VirtualAmbient, virtualAmbient } from "../src/ambient/virtual.ts";
import type { Choreography } from "../src/contract/choreography.ts";
import type { Participant } from "../src/contract/participant.ts";
import { choreographiesOf, type OneOrSeveral } from "../src/contract/system.ts";
import { compile } from "../src/contract/table.ts";
import type { Service } from "../src/contract/handler.ts";
import type { Engine, EngineParts, ParticipantStatus } from "../src/engine/message/api.ts";
import { startEngine } from "../src/engine/engine.ts";
import { discard, redrive } from "../src/operations/redrive-and-discard.ts";
import { memoryDatabase } from "../src/store/memory/memory-database.ts";
import type { ParkedRecord } from "../src/store/records.ts";
import type { Database } from "../src/store/database.ts";
import type { Store } from "../src/store/store.ts";
import { audit } from "./engine-audit.ts";

/** What every engine of a world has in common. */
export type WorldOptions = Partial<Omit<EngineParts, "services" | "ambient">> &
  OneOrSeveral & {
    readonly services: readonly Service[];
    readonly seed?: number;
  };

/** One database and one clock; engines come and go. */
export class World implements AsyncDisposable {
  readonly ambient: VirtualAmbient;
  readonly database: Database;
  readonly options: WorldOptions;
  readonly #engines = new Set<Engine>();

  constructor(options: WorldOptions) {
    this.options = options;
    this.ambient = virtualAmbient(options.seed);
    this.database = options.database ?? memoryDatabase();
  }

  /** Starts one more engine on the same database. */
  async start(more: Partial<EngineParts> = {}): Promise<Engine> {
    const { ambient, database } = this;
    const { seed: _, ...parts } = this.options;
    const engine = await startEngine({ ...parts, database, ambient, ...more });
    this.#engines.add(engine);
    return engine;
  }

  /** Stops an engine as a process that ends: only what is in the database stays. */
  async stop(engine: Engine): Promise<void> {
    this.#engines.delete(engine);
    await engine[Symbol.asyncDispose]();
  }

  /** Leaves an engine as it is, or all of them: one in a process that has ended never comes to a stop. */
  abandon(engine?: Engine): void {
    if (engine === undefined) this.#engines.clear();
    else this.#engines.delete(engine);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of this.#engines) await this.stop(engine);
  }

  /** Lets everything run that needs no time. */
  async calm(): Promise<void> {
    await setImmediate();
    await setImmediate();
  }

  /** Lets time pass; everything that falls due meanwhile happens in its order. */
  async pass(byMs: number): Promise<void> {
    const { ambient } = this;
    const until = ambient.clock.now() + byMs;
    for (let still = 0; ; ) {
      await this.calm();
      const left = until - ambient.clock.now();
      const step = Math.min(left, ambient.nextWakeMs() ?? left);
      still = step === 0 ? still + 1 : 0;
      if (still > 1_000) throw new Error("a loop turns without time passing");
      ambient.advance(step);
      if (left <= step) break;
    }
    await this.calm();
  }

  /** Lets time pass until the condition holds, for at most an hour. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const giveUpAt = this.ambient.clock.now() + 3_600_000;
    for (let still = 0; ; ) {
      await this.calm();
      if (await condition()) return;
      const step = this.ambient.nextWakeMs() ?? 1_000;
      still = step === 0 ? still + 1 : 0;
      if (still > 1_000) throw new Error("a loop turns without time passing");
      if (this.ambient.clock.now() > giveUpAt) throw new Error("an hour has passed and it is not so");
      this.ambient.advance(step);
    }
  }

  /** A participant's store, as an operator would open it. */
  store(name: string): Promise<Store> {
    return this.database.open({ name, lanes: this.options.lanes ?? 1 });
  }

  /** The states of a saga's entities, by participant; those that have none are left out. */
  async states(sagaId: string): Promise<Readonly<Record<string, string>>> {
    const states: Record<string, string> = {};
    for (const { name } of this.participants) {
      const entity = (await (await this.store(name)).load([sagaId])).get(sagaId);
      if (entity !== undefined) states[name] = entity.state;
    }
    return states;
  }

  /** The one choreography of the world, or the first of several. */
  get choreography(): Choreography {
    const [first] = choreographiesOf(this.options);
    if (first === undefined) throw new Error("a world has a choreography");
    return first;
  }

  /** All participants, of whichever choreography. */
  get participants(): readonly Participant[] {
    return choreographiesOf(this.options).flatMap(({ participants }) => participants);
  }

  /** Everything that contradicts the contracts in what was written. */
  audit(): Promise<readonly string[]> {
    return audit(this.database, choreographiesOf(this.options));
  }

  /** What a participant has parked, in the order of its keys' queues; all but the discarded. */
  async parked(name: string): Promise<readonly ParkedRecord[]> {
    const rows = await (await this.store(name)).parked({ limit: 1_000_000 });
    return rows
      .filter(({ reason }) => reason !== "discarded")
      .toSorted((a, b) => a.lane - b.lane || a.ordinal - b.ordinal);
  }

  /** Makes the participants' tables, as an engine would that starts. */
  async makeTables(): Promise<void> {
    for (const { name } of this.participants) await this.store(name);
  }

  /** Redrives and discards as an operator does. */
  async operate(
    name: string,
    change: (
      record: ParkedRecord,
    ) => { readonly redrive: true; readonly callAgain?: true } | { readonly discard: string } | undefined,
  ): Promise<void> {
    const store = await this.store(name);
    const participant = this.participants.find((one) => one.name === name);
    if (participant === undefined) throw new Error(`there is no participant ${name}`);
    const table = compile(participant);
    for (const record of await this.parked(name)) {
      const wish = change(record);
      const place = { table, id: record.id, store, database: this.database, lane: record.lane };
      if (wish === undefined) continue;
      if ("redrive" in wish) await redrive(place, { callAgain: wish.callAgain === true });
      else await discard(place, wish.discard);
    }
  }
}

/** The status of one participant. */
export function statusOf(engine: Engine, name: string): ParticipantStatus {
  const status = engine.status().find((one) => one.name === name);
  if (status === undefined) throw new Error(`${name} does not run here`);
  return status;
}

/** A promise with its handles, and whether it was asked for. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: () => resolve(), opened: promise };
}
