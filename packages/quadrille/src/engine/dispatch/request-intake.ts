// Requests for one lane: commands that other processes have left in the table. Batches take them like this
// process's own.
import type { AnswerRecord } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import type { Commands } from "../message/commands.ts";
import { commandOf } from "../message/command-request.ts";

/** How long an answer to a request is kept for its caller. */
const keptMs = 600_000;

/** The requests for a lane. */
export class RequestIntake {
  readonly #store: Pick<Store, "requests" | "answers">;
  readonly #lane: number;
  #isStale = false;

  constructor(store: Pick<Store, "requests" | "answers">, lane: number) {
    this.#store = store;
    this.#lane = lane;
  }

  /** Looks into the table with the next batch. */
  markStale(): void {
    this.#isStale = true;
  }

  /** Whether it looks into the table with the next batch. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Deletes those whose answers were not fetched in time. It never rejects. */
  async sweep(now: number): Promise<void> {
    await this.#store.requests.sweep(this.#lane, now - keptMs).catch(() => undefined);
  }

  /** Reads as many as fit into a batch, once those read before are decided. */
  async fill(
    commands: Commands,
    { messages, bytes }: { readonly messages: number; readonly bytes: number },
  ): Promise<void> {
    if (!this.#isStale || commands.hasRequests) return;
    const page = (await this.#store.requests.open(this.#lane, { rows: messages, bytes })).map(commandOf);
    // There may be more.
    this.#isStale = page.length > 0;
    const keys = page.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
    const answers: ReadonlyMap<string, AnswerRecord> =
      keys.length === 0 ? new Map() : await this.#store.answers(keys);
    commands.addRequests(
      page.map((command) => {
        const first = answers.get(command.idempotencyKey ?? "");
        return first === undefined ? command : { ...command, first };
      }),
    );
  }
}
