// What a worker has done, and what keeps it from working: for operators.
import type { Ambient } from "../../ambient/ambient.ts";
import { thrownText } from "../../errors.ts";
import type { ParkedLog } from "../lane/parked-log.ts";
import type { ParticipantStatus } from "../message/api.ts";
import type { Sealed } from "./sealed.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** The record of one lane of one participant. */
export class WorkerRecord {
  readonly #participant: string;
  readonly #ambient: Pick<Ambient, "log">;
  readonly #parkedLog: ParkedLog;
  #reactions = 0;
  #commits = 0;
  #trouble: string | undefined;

  constructor({ code, ambient, parkedLog }: Pick<WorkerOptions, "code" | "ambient" | "parkedLog">) {
    this.#participant = code.table.name;
    this.#ambient = ambient;
    this.#parkedLog = parkedLog;
  }

  /** Whether the last round failed because of this worker. */
  get isInTrouble(): boolean {
    return this.#trouble !== undefined;
  }

  /** Counts a flush that was committed, and logs what could not be taken. */
  committed({ flush, writes }: Pick<Sealed, "flush" | "writes">): void {
    this.#reactions += flush.journal.length;
    if (writes) this.#commits += 1;
    this.#parkedLog.committed(flush.parked);
  }

  /** Keeps an error until a round succeeds, and logs it where it is another one than the last. */
  failed(error: unknown): void {
    const message = thrownText(error);
    if (message !== this.#trouble)
      this.#ambient.log({ level: "error", message, participant: this.#participant });
    this.#trouble = message;
  }

  /** The lane could be read, and what was to be written was. */
  succeeded(): void {
    this.#trouble = undefined;
  }

  /** Its share of the participant's status. */
  get counts(): Pick<ParticipantStatus, "name" | "reactions" | "commits" | "trouble"> {
    return {
      name: this.#participant,
      reactions: this.#reactions,
      commits: this.#commits,
      trouble: this.#trouble,
    };
  }
}
