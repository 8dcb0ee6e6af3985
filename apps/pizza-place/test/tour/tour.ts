// The tour: a path of the checker's model, step by step through the real handlers and the real engines, one
// for each participant, on a database in memory and a clock that stands still. After every step the tables
// have to be where the model is.
import { setImmediate } from "node:timers/promises";
import {
  type Choreography,
  type Database,
  type Engine,
  memoryDatabase,
  type Service,
  startEngine,
  toJson,
} from "quadrille";
import { type PathStep, virtualAmbient, type VirtualAmbient } from "quadrille/testing";
import { acceptTicket, finishPreparing, pickUpTicket, startPreparing } from "../../src/kitchen/contract.ts";
import { cancelOrder, createOrder, OrderData, reviseOrder } from "../../src/order/contract.ts";
import type { PaymentProvider, ProviderAnswer } from "../../src/payment-provider/provider.ts";
import { Postman } from "./postman.ts";
import { orderFor, revisionFor } from "./plan.ts";

/** Turns of the event loop that a step may take. */
const turnsMax = 500;

type Store = Awaited<ReturnType<Database["open"]>>;
type Row = Awaited<ReturnType<Store["read"]>>[number];

/** A participant at work. */
interface Member {
  readonly store: Store;
  readonly postman: Postman;
  readonly engine: Engine;
  /** The events that it takes. */
  readonly takes: ReadonlySet<string>;
}

/** An event on its way. */
interface Pending {
  readonly source: string;
  readonly event: string;
  readonly to: string;
  readonly row: Row;
}

/** What is toured, and with which code. */
export interface TourParts {
  readonly choreography: Choreography;
  readonly services: (provider: PaymentProvider) => readonly Service[];
}

/** Engines at work, which one order after another tours. */
export class Tour implements AsyncDisposable {
  readonly #members = new Map<string, Member>();
  readonly #ambient: VirtualAmbient;
  readonly #read = new Map<string, number>();
  #pending: readonly Pending[] = [];
  #sagaId = "";
  #orders = 0;
  /** The provider's calls that wait for an answer, by the order that they are for. */
  readonly #calls = new Map<string, (answer: ProviderAnswer) => void>();

  private constructor(ambient: VirtualAmbient) {
    this.#ambient = ambient;
  }

  static async start({ choreography, services }: TourParts): Promise<Tour> {
    const tour = new Tour(virtualAmbient());
    const database = memoryDatabase();
    // To an engine, what the postman has not delivered is not published yet.
    const unseen: typeof database = { ...database, look: async () => new Map() };
    const provider: PaymentProvider = {
      authorize: ({ reference }) => new Promise((resolve) => void tour.#calls.set(reference, resolve)),
    };
    const json = toJson(choreography);
    for (const service of services(provider)) {
      const { name } = service.participant;
      const postman = new Postman();
      const engine = await startEngine({
        choreography,
        services: [service],
        database: unseen,
        ambient: tour.#ambient,
        transport: postman,
      });
      const store = await database.open({ name, lanes: 1 });
      const states = Object.values(json.participants[name]?.states ?? {});
      const takes = new Set(states.flatMap(({ on }) => Object.keys(on ?? {})));
      tour.#members.set(name, { store, postman, engine, takes });
    }
    return tour;
  }

  /** Follows the path. Throws if the code or the engine deviates from it. */
  async go(path: readonly PathStep[]): Promise<void> {
    this.#orders += 1;
    this.#sagaId = `order-${this.#orders}`;
    this.#pending = [];
    for (const [at, step] of path.entries()) {
      const member = this.#member(step.participant);
      const before = await this.#length(member);
      await this.#act(path, at);
      // An ignored message leaves no trace except the inbox position, which the tour has waited for.
      const isIgnored = step.kind === "event" && step.from === step.to && step.publishes.length === 0;
      if (!isIgnored) await this.#until(async () => (await this.#length(member)) > before, step);
      await this.#compare(step);
      await this.#collect();
    }
    // Calls that the path leaves pending would count against the limit of concurrent calls.
    for (const answer of this.#calls.values()) answer({ answer: "declined" });
    this.#calls.clear();
  }

  async #act(path: readonly PathStep[], at: number): Promise<void> {
    const step = path[at] as PathStep;
    if (step.kind === "command") return await this.#command(path, at);
    if (step.kind === "event") return await this.#deliver(step);
    if (step.kind === "deadline") return this.#ambient.advance(15 * 60_000);
    await this.#until(async () => this.#calls.has(this.#sagaId), step);
    this.#calls.get(this.#sagaId)?.(
      step.choice === "ok" ? { answer: "authorized", authorizationId: "auth-1" } : { answer: "declined" },
    );
    this.#calls.delete(this.#sagaId);
  }

  async #command(path: readonly PathStep[], at: number): Promise<void> {
    const { participant, trigger } = path[at] as PathStep;
    const { engine, store } = this.#member(participant);
    const sagaId = this.#sagaId;
    const plain = [cancelOrder, acceptTicket, startPreparing, finishPreparing, pickUpTicket].find(
      ({ name }) => name === trigger,
    );
    if (plain !== undefined) await engine.send(plain, { sagaId });
    if (trigger === createOrder.name) await engine.send(createOrder, orderFor(path), { sagaId });
    if (trigger !== reviseOrder.name) return;
    const { revision = 0 } = OrderData.parse((await store.load([sagaId])).get(sagaId)?.data);
    await engine.send(reviseOrder, { ...revisionFor(path, at), basedOn: revision }, { sagaId });
  }

  async #deliver(step: PathStep): Promise<void> {
    const pending = this.#pending.find(({ event, to }) => event === step.trigger && to === step.participant);
    if (pending === undefined) throw new Error(`no ${step.trigger} is on its way to ${step.participant}`);
    this.#pending = this.#pending.filter((one) => one !== pending);
    const { postman, store } = this.#member(step.participant);
    const position = postman.deliver(pending.source, pending.row);
    await this.#until(async () => {
      const { inbox } = await store.recover(0);
      return (inbox.get(pending.source) ?? 0) >= position;
    }, step);
  }

  /** What the step has published is on its way now. */
  async #collect(): Promise<void> {
    for (const [source, { store }] of this.#members) {
      const after = this.#read.get(source) ?? 0;
      const rows = await store.read(0, after, 100);
      this.#read.set(source, after + rows.length);
      const own = rows.filter(({ sagaId }) => sagaId === this.#sagaId);
      this.#pending = [...this.#pending, ...own.flatMap((row) => this.#copies(source, row))];
    }
  }

  /** One copy of each event for every subscriber. */
  #copies(source: string, row: Row): readonly Pending[] {
    return row.emitted.flatMap((emitted) =>
      [...this.#members]
        .filter(([, { takes }]) => takes.has(emitted.event))
        .map(([to]) => ({ source, event: emitted.event, to, row: { ...row, emitted: [emitted] } })),
    );
  }

  async #compare({ participant, trigger, to, choice, publishes }: PathStep): Promise<void> {
    const { store } = this.#member(participant);
    const entity = (await store.load([this.#sagaId])).get(this.#sagaId);
    const state = entity?.state ?? "no state";
    if (state !== to)
      throw new Error(`${participant} is in ${state} after ${trigger}, and the model in ${to}`);
    const parked = await store.parked({ limit: 10 });
    if (parked.length > 0)
      throw new Error(`${participant} has parked ${parked[0]?.trigger}: ${parked[0]?.error?.message}`);
    const last = (await store.timeline(this.#sagaId)).at(-1);
    const emitted = last?.emitted.map(({ event }) => event).join(" ");
    const published = publishes.map(({ event }) => event).join(" ");
    if (last?.trigger !== trigger) return;
    if (choice !== undefined && last.outcome !== choice)
      throw new Error(`${participant} chooses "${last.outcome}" at ${trigger}, and the model "${choice}"`);
    if (emitted !== published)
      throw new Error(`${participant} publishes "${emitted}" at ${trigger}, and the model "${published}"`);
  }

  async #length({ store }: Member): Promise<number> {
    return (await store.timeline(this.#sagaId)).length;
  }

  async #until(condition: () => Promise<boolean>, step: PathStep): Promise<void> {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      if (await condition()) return;
      await setImmediate();
    }
    throw new Error(`${step.participant} does not come to the end of ${step.trigger} in ${step.from}`);
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`there is no ${name}`);
    return member;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { engine } of this.#members.values()) await engine[Symbol.asyncDispose]();
  }
}
