// Requests for one lane: commands that other processes have left in the table. Batches take them like this
// process's own. One statement reads those of all lanes of a participant.
import type { AnswerRecord } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import type { Commands, Waiting } from "../message/commands.ts";
import { commandOf } from "../message/command-request.ts";

/** Where requests are read. */
type RequestStore = Pick<Store, "requests" | "answers">;

/** How long an answer to a request is kept for its caller. */
const keptMs = 600_000;

/** The requests for a lane. */
export class RequestIntake {
  readonly lane: number;
  readonly #store: RequestStore;
  readonly #commands: Pick<Commands, "hasRequests" | "addRequests">;
  #isStale = false;

  constructor(
    store: RequestStore,
    {
      lane,
      commands,
    }: { readonly lane: number; readonly commands: Pick<Commands, "hasRequests" | "addRequests"> },
  ) {
    this.lane = lane;
    this.#store = store;
    this.#commands = commands;
  }

  /** Looks into the table with the next batch. */
  markStale(): void {
    this.#isStale = true;
  }

  /** Whether it looks into the table with the next batch. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Whether it looks now: those read before are decided. */
  get isWanted(): boolean {
    return this.#isStale && !this.#commands.hasRequests;
  }

  /** Notes that the table is read now: what is left there from now on may not be seen. */
  reading(): void {
    this.#isStale = false;
  }

  /** Takes what was read. */
  take(commands: readonly Waiting[]): void {
    this.#commands.addRequests(commands);
  }

  /** Deletes those whose answers were not fetched in time. It never rejects. */
  async sweep(now: number): Promise<void> {
    await this.#store.requests.sweep(this.lane, now - keptMs).catch(() => undefined);
  }
}

/** Reads the requests for lanes of one participant, as many as fit. */
export async function readRequests(
  store: RequestStore,
  intakes: readonly RequestIntake[],
  { messages: rows, bytes }: { readonly messages: number; readonly bytes: number },
): Promise<void> {
  for (const intake of intakes) intake.reading();
  try {
    const lanes = intakes.map(({ lane }) => lane);
    const read = (await store.requests.open(lanes, { rows, bytes })).map(commandOf);
    const byLane = Map.groupBy(await withFirstAnswers(store, read), ({ message }) => message.cause.lane);
    for (const intake of intakes) intake.take(byLane.get(intake.lane) ?? []);
    // There may be more, for each of them.
    if (read.length > 0) for (const intake of intakes) intake.markStale();
  } catch (error) {
    for (const intake of intakes) intake.markStale();
    throw error;
  }
}

/** The commands, with the answers that their idempotency keys have already. */
async function withFirstAnswers(
  store: RequestStore,
  commands: readonly Waiting[],
): Promise<readonly Waiting[]> {
  const keys = commands.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  if (keys.length === 0) return commands;
  const answers: ReadonlyMap<string, AnswerRecord> = await store.answers(keys);
  return commands.map((command) => {
    const first = answers.get(command.idempotencyKey ?? "");
    return first === undefined ? command : { ...command, first };
  });
}
