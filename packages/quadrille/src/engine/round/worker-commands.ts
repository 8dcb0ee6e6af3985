// The commands of one lane: those of callers in this process, and those that other processes have left.
import type { Waiting } from "../message/commands.ts";
import type { BatchParts } from "./batch-parts.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Takes commands for one lane of one participant. */
export class WorkerCommands {
  readonly #parts: BatchParts;
  readonly #record: Pick<WorkerRecord, "isInTrouble">;
  readonly #onWork: () => void;

  constructor(parts: BatchParts, record: Pick<WorkerRecord, "isInTrouble">, onWork: () => void) {
    this.#parts = parts;
    this.#record = record;
    this.#onWork = onWork;
  }

  /** Whether the next batch has room for more commands, and should succeed. */
  get hasRoom(): boolean {
    return this.#parts.commands.queued < this.#parts.limits.batchMessagesMax && !this.#record.isInTrouble;
  }

  /** Queues a command. Throws `Q_OVERLOADED`. */
  send(waiting: Waiting): void {
    this.#parts.commands.add(waiting);
    this.#onWork();
  }

  /** Drops a command whose caller has given up. In the present batch, it still takes effect. */
  forget(command: Waiting): void {
    this.#parts.commands.forget(command);
  }

  /** Looks soon for commands that other processes have left. */
  lookForRequests(): void {
    this.#parts.requests.markStale();
    this.#onWork();
  }

  /** Deletes answered requests of callers that are gone. */
  sweepRequests(): void {
    void this.#parts.requests.sweep(this.#parts.ambient.clock.now());
  }
}
