// Before an engine starts: the owner of the tables, the contract that they have recorded, and the position
// from which each event is read.
import type { Ambient } from "../../ambient/ambient.ts";
import { type ContractShape, contractShape } from "../../contract/contract-shape.ts";
import type { Participant } from "../../contract/participant.ts";
import { type Part, sourceOf, type System } from "../../contract/system.ts";
import type { Table } from "../../contract/table.ts";
import { isQuadrilleError, QuadrilleError } from "../../errors.ts";
import type { CarriedRow, GenerationRecord } from "../../store/records.ts";
import type { Inspection } from "../../store/store.ts";
import { misunderstood } from "./changes.ts";
import { factsOfComplete } from "./complete-joins.ts";
import { withoutFinished } from "./closed-subscriptions.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { refuseOlder } from "./older-journal.ts";
import { OwnGeneration, supersededBy } from "./own-generation.ts";
import { type PlanSource, planSubscriptions, type SubscriptionPlan } from "./subscription-plan.ts";

/** How one participant's contract relates to its tables. */
export interface ContractReview {
  readonly participant: string;
  /** The generation that the tables have; 0 where there are none. */
  readonly generation: number;
  /** `same`; `new`: the next start records it; `refused`: the next start is refused, for the reason given. */
  readonly verdict: "same" | "new" | "refused";
  readonly reason: string | undefined;
}

/** The participants to enrol. */
export interface EnrolOptions {
  /** The participants whose tables are there. */
  readonly system: System;
  readonly stores: ReadonlyMap<string, Inspection>;
  /** The participants that run in this process. */
  readonly running: ReadonlySet<string>;
  readonly ambient: { readonly clock: Pick<Ambient["clock"], "now"> } & Pick<Ambient, "log">;
  /** Whether to accept a contract that does not understand all work under way. */
  readonly accept?: boolean;
}

/**
 * The number of tries. Another process that records a generation at the same time makes this one try again.
 */
const attemptsMax = 10;

/**
 * Enrols every participant, and gives the generations of those that run here. A contract that the tables do
 * not know is recorded as their next generation by the process that runs the participant. Throws
 * `Q_TABLES_OWNED`, `Q_CONTRACT_CHANGED`, `Q_CONTRACT_SUPERSEDED` or `Q_ROWS_MISSING`.
 */
export async function enrol(options: EnrolOptions): Promise<ReadonlyMap<string, OwnGeneration>> {
  await refuseLostParticipants(options);
  const enrollers = options.system.parts.map((part) => new Enroller(options, part));
  // All of them are looked at before any is recorded: a refused start leaves everything as it was.
  for (const enroller of enrollers) await enroller.check();
  const own = new Map<string, OwnGeneration>();
  for (const enroller of enrollers) own.set(enroller.participant, await enroller.run());
  return own;
}

/** How each contract relates to its tables, without recording anything. */
export async function reviewOf(options: EnrolOptions): Promise<readonly ContractReview[]> {
  const lost = await refused(() => refuseLostParticipants(options));
  return Promise.all(
    options.system.parts.map(async (part) => {
      const { name: participant } = part.table;
      const generation = (await storeOf(options, participant).generations()).at(-1)?.number ?? 0;
      const enroller = new Enroller(options, part);
      const reason = (await refused(() => enroller.check())) ?? lost;
      if (reason !== undefined) return { participant, generation, verdict: "refused", reason };
      const { isNew } = await enroller.check();
      return { participant, generation, verdict: isNew ? "new" : "same", reason };
    }),
  );
}

/** The sentence with which `look` refuses; undefined if it does not. */
async function refused(look: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (isQuadrilleError(error) && refusals.has(error.code)) return error.message;
    throw error;
  }
}

const refusals: ReadonlySet<string> = new Set([
  "Q_TABLES_OWNED",
  "Q_CONTRACT_CHANGED",
  "Q_CONTRACT_SUPERSEDED",
]);

/** Throws `Q_TABLES_OWNED` if some tables belong to another participant; for callers that only look. */
export async function refuseForeign(options: Pick<EnrolOptions, "system" | "stores">): Promise<void> {
  const looking = { ...options, running: new Set<string>(), ambient: silent };
  await Promise.all(options.system.parts.map((part) => new Enroller(looking, part).check()));
}

const silent: EnrolOptions["ambient"] = { clock: { now: () => 0 }, log: () => undefined };

/** What the tables have recorded, and how this contract relates to it. */
interface Checked {
  readonly last: GenerationRecord | undefined;
  /** The contract to record as the next generation. */
  readonly isNew: boolean;
  /** The last generation has the same contract. */
  readonly isKnown: boolean;
}

class Enroller {
  readonly #options: EnrolOptions;
  readonly #part: Part;
  readonly #table: Table;
  readonly #store: Inspection;
  readonly #shape: ContractShape;
  readonly #fingerprint: string;

  constructor(options: EnrolOptions, part: Part) {
    const { table } = part;
    this.#options = options;
    this.#part = part;
    this.#table = table;
    this.#store = storeOf(options, table.name);
    const { participants } = part.choreography;
    this.#shape = contractShape(
      table,
      participants.map(({ name }) => name),
    );
    this.#fingerprint = fingerprintOf(participantOf(participants, table.name), this.#shape);
  }

  get participant(): string {
    return this.#table.name;
  }

  /**
   * Throws if the tables belong to another participant, or if the contract does not understand work under
   * way.
   */
  async check(): Promise<Checked> {
    const generations = await this.#store.generations();
    const last = generations.at(-1);
    const isRunning = this.#options.running.has(this.#table.name);
    if (last !== undefined) this.#refuseOthers(last, isRunning);
    const isKnown = last?.fingerprint === this.#fingerprint && !this.#isForced(last);
    // Another participant's process may know an earlier or later contract; the process that runs the
    // participant decides.
    const isNew = !isKnown && (last === undefined || isRunning);
    if (isNew && last !== undefined) await this.#refuseChange(generations, last);
    return { last, isNew, isKnown };
  }

  /**
   * Rejects with `Q_STORE_FAILED` where other processes record generations faster than this one can follow.
   */
  async run(): Promise<OwnGeneration> {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const number = await this.#attempt();
      if (number === undefined) continue;
      const known = { participant: this.#table.name, fingerprint: this.#fingerprint, number };
      return new OwnGeneration(known, this.#store);
    }
    throw new QuadrilleError(
      "Q_STORE_FAILED",
      `Other processes keep recording contracts of ${this.#table.name}. Start this one again.`,
      { retryable: true },
    );
  }

  /** Returns the generation, or undefined if another process was faster. */
  async #attempt(): Promise<number | undefined> {
    const { last, isNew, isKnown } = await this.check();
    if (isNew || last === undefined) return this.#record(last);
    if (isKnown) await this.#readOn(last);
    return last.number;
  }

  /** Accepting also makes a generation of the same contract if participants have left or joined since. */
  #isForced({ contract }: GenerationRecord): boolean {
    const { accept = false } = this.#options;
    return accept && JSON.stringify(contract.participants) !== JSON.stringify(this.#shape.participants);
  }

  #refuseOthers(last: GenerationRecord, isRunning: boolean): void {
    const { accept = false } = this.#options;
    const { choreography } = this.#part;
    const { name } = this.#table;
    const isOwn = last.participant === name && last.choreography === choreography.name;
    // A participant may read from one of another choreography, as long as it is the same one.
    const isSame = last.participant === name && last.fingerprint === this.#fingerprint;
    if (isOwn || (isSame && (accept || !isRunning))) return;
    throw new QuadrilleError(
      "Q_TABLES_OWNED",
      `The tables of ${name} belong to the participant ${last.participant} of the choreography "${last.choreography}", ` +
        `and this is ${name} of "${choreography.name}". Give this program tables of its own: the database's option schemaPrefix.`,
    );
  }

  /** Reads what another participant has begun to publish since. */
  async #readOn(last: GenerationRecord): Promise<void> {
    if (this.#options.running.has(this.#table.name) && !last.isRun) await this.#store.markRun(last.number);
    const plan = await this.#plan(false);
    if (plan.inbox.length + plan.subscriptions.length + plan.dropped.length > 0)
      await this.#store.enrol(plan);
    await this.#logBeginnings(plan);
  }

  async #refuseChange(generations: readonly GenerationRecord[], last: GenerationRecord): Promise<void> {
    if (this.#options.accept === true) return;
    const { name } = this.#table;
    const earlier = generations.find((one) => one.isRun && one.fingerprint === this.#fingerprint);
    if (earlier !== undefined) {
      throw supersededBy(name, { running: earlier.number, recorded: last.number });
    }
    const own = await this.#store.reading();
    const read = new Set(own.flatMap(({ inbox }) => [...inbox.keys()]));
    const lost = await misunderstood({
      before: last.contract,
      after: this.#shape,
      states: this.#table.states,
      store: this.#store,
      own,
      sources: new Map([...this.#options.stores].filter(([source]) => read.has(source))),
    });
    if (lost.length > 0) throw changed(name, last.number, lost);
  }

  async #record(last: GenerationRecord | undefined): Promise<number | undefined> {
    const { running, ambient } = this.#options;
    const { choreography } = this.#part;
    const { name } = this.#table;
    const plan = await this.#plan(last === undefined);
    const generation: GenerationRecord = {
      number: (last?.number ?? 0) + 1,
      time: ambient.clock.now(),
      isRun: running.has(name),
      choreography: choreography.name,
      participant: name,
      fingerprint: this.#fingerprint,
      contract: this.#shape,
    };
    const looked = { table: this.#table, store: this.#store, now: ambient.clock.now() };
    const parked = last === undefined ? [] : await factsOfComplete(looked);
    if (!(await this.#store.enrol({ ...plan, generation, parked }))) return undefined;
    await this.#logBeginnings(plan);
    return generation.number;
  }

  async #plan(isFirst: boolean): Promise<SubscriptionPlan> {
    const { system, stores } = this.#options;
    const events = [...this.#table.subscriptions.keys()];
    const own = await withoutFinished(await this.#store.reading(), { events, sources: stores });
    const read = new Set(own.flatMap(({ inbox }) => [...inbox.keys()]));
    const sources: PlanSource[] = [];
    for (const part of system.parts) {
      const { name, emitted } = part.table;
      const store = stores.get(name);
      const { published: offered } = sourceOf(this.#part, part);
      if (store === undefined || !(read.has(name) || events.some((event) => offered.has(event)))) continue;
      sources.push({ name, published: emitted, offered, lanes: await store.reading() });
    }
    if (this.#options.running.has(this.#table.name)) refuseOlder(this.#table.name, own, sources);
    return planSubscriptions({ events, fromBeginning: this.#table.fromBeginning, sources, own, isFirst });
  }

  /** Reports where an event begins that the source has published before, once for all lanes. */
  async #logBeginnings({ beginnings }: SubscriptionPlan): Promise<void> {
    const bySubscription = Map.groupBy(beginnings, ({ source, event }) => JSON.stringify([source, event]));
    for (const begun of bySubscription.values()) {
      const [{ source, event } = { source: "", event: "" }] = begun;
      const rows = await Promise.all(begun.map((one) => this.#rowsBefore(one)));
      const left = rows.flat().filter(({ emitted }) => emitted.some((one) => one.event === event));
      if (left.length === 0) continue;
      this.#options.ambient.log({
        level: "warn",
        participant: this.#table.name,
        message:
          `${this.#table.name} takes ${event} from now on. What ${source} has published before is not taken: ` +
          `${left.length} of its last ${rows.flat().length} rows. To take it, say { from: "beginning" } in the contract before the first start.`,
      });
    }
  }

  /** The last rows of the source's lane before the beginning. */
  async #rowsBefore({
    source,
    lane,
    after,
  }: SubscriptionPlan["beginnings"][number]): Promise<readonly CarriedRow[]> {
    const rows = await storeOf(this.#options, source).read(
      lane,
      Math.max(0, after - lookedAtMax),
      lookedAtMax,
    );
    return rows.filter(({ position }) => position <= after);
  }
}

/** Rows before a beginning that are looked at. */
const lookedAtMax = 1_000;

/** Participants known to the tables of the others that are no longer in the choreography. */
async function refuseLostParticipants(options: EnrolOptions): Promise<void> {
  if (options.accept === true) return;
  for (const { table, choreography } of options.system.parts) {
    const { name } = table;
    const names = new Set(choreography.participants.map((one) => one.name));
    const last = (await storeOf(options, name).generations()).at(-1);
    if (last === undefined || last.choreography !== choreography.name) continue;
    const lost = last.contract.participants.filter((one) => !names.has(one));
    if (lost.length === 0) continue;
    const gone = lost.map((one) => `${one} was a participant of it and is not any more`);
    throw changed(name, last.number, gone);
  }
}

function changed(participant: string, generation: number, reasons: readonly string[]): QuadrilleError {
  return new QuadrilleError(
    "Q_CONTRACT_CHANGED",
    `The tables of ${participant} have generation ${generation} of its contract, and this one does not understand what is under way: ` +
      `${reasons.join("; ")}. Let the version before finish it, or accept the change: quadrille migrate --accept`,
  );
}

function storeOf({ stores }: EnrolOptions, name: string): Inspection {
  const store = stores.get(name);
  if (store === undefined) throw new Error(`${name} was not opened`);
  return store;
}

function participantOf(participants: readonly Participant[], name: string): Participant {
  const found = participants.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not in the choreography`);
  return found;
}
