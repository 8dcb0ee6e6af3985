// What reaches a worker besides commands: journal rows, marks of what other processes have written, the time.
import type { Marks } from "../../store/database.ts";
import type { Intake } from "../lane/intake.ts";
import type { HandedRow } from "../message/incoming.ts";
import type { KeptLane } from "./kept-lane.ts";
import type { WorkerCommands } from "./worker-commands.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** What the inputs are made of. */
export interface WorkerInputsOptions {
  readonly worker: Pick<WorkerOptions, "code" | "lane" | "sources">;
  readonly kept: KeptLane;
  readonly commands: Pick<WorkerCommands, "lookForRequests">;
  /** Called whenever there is something to do. */
  readonly onWork: () => void;
}

/** The inputs of one lane of one participant. */
export class WorkerInputs {
  readonly #options: WorkerInputsOptions;
  #isLate = false;

  constructor(options: WorkerInputsOptions) {
    this.#options = options;
  }

  /** Whether business time has moved since the last round began. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** Whether it takes events of the source. */
  reads(source: string): boolean {
    return this.#options.worker.sources.has(source);
  }

  /** Hands over rows of the round in which this worker takes part. */
  handOver(source: string, rows: readonly HandedRow[]): void {
    this.#intakeOf(source)?.offer(rows);
  }

  /** Hands over rows that a source in this process has committed. */
  offer(source: string, rows: readonly HandedRow[]): void {
    this.handOver(source, rows);
    this.#options.onWork();
  }

  /** Notes that the source has committed up to `head`. */
  reached(source: string, head: number): void {
    this.#intakeOf(source)?.reached(head);
  }

  /** Reads the source's journal soon, or all of them: another process may have added to them. */
  look(source?: string): void {
    for (const intake of this.#intakes)
      if (source === undefined || intake.source === source) intake.markStale();
    this.#options.onWork();
  }

  /** Notes where the lanes of the database stand: other processes may have written. */
  noticed(marks: Marks): void {
    const { worker, kept, commands, onWork } = this.#options;
    const own = marks.get(worker.code.table.name)?.get(worker.lane);
    kept.seen(own?.turn ?? 0);
    if (own?.hasRequests === true) commands.lookForRequests();
    for (const intake of this.#intakes) {
      intake.reached(marks.get(intake.source)?.get(worker.lane)?.head ?? 0);
    }
    if (kept.isOvertaken || this.#intakes.some(({ behind }) => behind)) onWork();
  }

  /** Business time has moved: a deadline may be due. */
  timeMoved(): void {
    this.#isLate = true;
    this.#options.onWork();
  }

  /** A round begins: it looks for deadlines by the present time. */
  roundBegins(): void {
    this.#isLate = false;
  }

  get #intakes(): readonly Intake[] {
    return this.#options.kept.lane?.intakes ?? [];
  }

  #intakeOf(source: string): Intake | undefined {
    return this.#intakes.find((one) => one.source === source);
  }
}
