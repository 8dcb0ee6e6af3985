// Commands for the owner of their lane, from this process: left in the participant's table, and answered
// there.
import type { Ambient } from "../../ambient/ambient.ts";
import { isQuadrilleError, QuadrilleError } from "../../errors.ts";
import type { Requests as StoredRequests } from "../../store/store.ts";
import { type Bell, bell } from "../round/bell.ts";
import { stopping, unknownFate, type Waiting } from "../message/commands.ts";
import type { Limits } from "../message/limits.ts";
import { requestOf, passAnswer } from "../message/command-request.ts";

/** What is needed to send requests. */
export interface RequestsOptions {
  readonly store: { readonly requests: StoredRequests };
  readonly ambient: Ambient;
  readonly limits: Limits;
  /** Called when requests were left, so that their owners are notified. */
  readonly onLeft: () => void;
}

interface SentRequest {
  readonly command: Waiting;
  /** It may stand in the table. */
  isLeft: boolean;
  /** The answer to leaving it was lost once: that statement may still reach the database, however late. */
  isInDoubt: boolean;
}

/** The number of requests left or asked for at once. */
const pageMax = 256;

/** The requests of one participant. */
export class SentRequests {
  readonly #options: RequestsOptions;
  readonly #sent = new Map<string, SentRequest>();
  readonly #bell: Bell;
  readonly #stop = new AbortController();
  #weight = 0;
  /** The most requests to leave at once; it is halved where one of them is refused. */
  #leaveMax = pageMax;
  #running: Promise<void> | undefined;
  #askAt = 0;

  constructor(options: RequestsOptions) {
    this.#options = options;
    this.#bell = bell(options.ambient.clock);
  }

  /** Requests without an answer. */
  get waiting(): number {
    return this.#sent.size;
  }

  /** Sends a command. Throws `Q_OVERLOADED` when too many wait. */
  send(command: Waiting): void {
    const { commandsWaitingMax, commandBytesWaitingMax } = this.#options.limits;
    const isTooLarge = this.waiting > 0 && this.#weight + command.weight > commandBytesWaitingMax;
    if (isTooLarge || this.waiting >= commandsWaitingMax) {
      const message = `${this.waiting} commands wait for the process that owns their lane; send this one again in a moment.`;
      throw new QuadrilleError("Q_OVERLOADED", message, { retryable: true });
    }
    this.passOn(command);
  }

  /** Sends a command that was accepted here before. */
  passOn(command: Waiting): void {
    this.#sent.set(command.message.id, { command, isLeft: false, isInDoubt: false });
    this.#weight += command.weight;
    this.#running ??= this.#run();
    this.#bell.ring();
  }

  /** Forgets a command whose caller has given up. If it is being decided, it takes effect all the same. */
  forget({ message: { id } }: Waiting): void {
    const sent = this.#sent.get(id);
    if (sent === undefined) return;
    this.#done(id);
    if (sent.isLeft) void this.#options.store.requests.withdraw([id]).catch(() => undefined);
  }

  /** Notes that there may be answers. */
  hear(): void {
    this.#askAt = 0;
    this.#bell.ring();
  }

  /** Withdraws requests without an answer, and answers callers with what is known. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    const left = [...this.#sent].filter(([, { isLeft }]) => isLeft).map(([id]) => id);
    const withdrawn = await this.#withdraw(left);
    for (const [id, { command, isLeft, isInDoubt }] of this.#sent) {
      const isUnknown = isInDoubt || (isLeft && !withdrawn.has(id));
      command.reject(isUnknown ? unknownFate(command) : stopping());
      this.#done(id);
    }
  }

  /** Rejects all, even if the database does not answer. */
  abandon(): void {
    this.#stop.abort();
    for (const [id, { command, isLeft, isInDoubt }] of this.#sent) {
      command.reject(isLeft || isInDoubt ? unknownFate(command) : stopping());
      this.#done(id);
    }
  }

  async #withdraw(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    try {
      await this.#passAnswers(ids);
      return new Set(await this.#options.store.requests.withdraw(ids));
    } catch {
      return new Set();
    }
  }

  #done(id: string): void {
    this.#weight -= this.#sent.get(id)?.command.weight ?? 0;
    this.#sent.delete(id);
  }

  /** Runs until no request is pending. It never rejects. */
  async #run(): Promise<void> {
    const { clock } = this.#options.ambient;
    while (this.#sent.size > 0 && !this.#stop.signal.aborted) {
      const isWell = await this.#work().catch((error: unknown) => this.#failed(error));
      const hasMore = isWell && [...this.#sent.values()].some(({ isLeft }) => !isLeft);
      if (!hasMore) await this.#bell.wait(Math.max(0, this.#askAt - clock.steady()), this.#stop.signal);
    }
    this.#running = undefined;
  }

  async #work(): Promise<boolean> {
    const { ambient, limits } = this.#options;
    await this.#leave(this.#nextPage());
    if (this.#askAt > ambient.clock.steady()) return true;
    this.#askAt = ambient.clock.steady() + limits.pollMs;
    const left = [...this.#sent].filter(([, { isLeft }]) => isLeft).map(([id]) => id);
    for (let first = 0; first < left.length; first += pageMax)
      await this.#passAnswers(left.slice(first, first + pageMax));
    return true;
  }

  /** What is left next, in its order: as many as are allowed, by number and bytes, and one at least. */
  #nextPage(): readonly SentRequest[] {
    const page: SentRequest[] = [];
    let bytes = 0;
    for (const one of this.#sent.values()) {
      if (one.isLeft) continue;
      bytes += one.command.weight;
      const isTooLarge = page.length > 0 && bytes > this.#options.limits.batchBytesMax;
      if (isTooLarge || page.length === this.#leaveMax) break;
      page.push(one);
    }
    return page;
  }

  async #leave(page: readonly SentRequest[]): Promise<void> {
    if (page.length === 0) return;
    const { ambient, store, onLeft } = this.#options;
    for (const one of page) one.isLeft = true;
    try {
      await store.requests.leave(page.map(({ command }) => requestOf(command, ambient.clock.now())));
    } catch (error) {
      return this.#notLeft(page, error);
    }
    this.#leaveMax = Math.min(pageMax, 2 * this.#leaveMax);
    onLeft();
  }

  /**
   * Where the row of one is refused, the next page is smaller, until that one is alone: then its caller is
   * answered. After a passing error they may have been left all the same: to leave them once more changes
   * nothing.
   */
  #notLeft(page: readonly SentRequest[], error: unknown): void {
    const isPassing = !isQuadrilleError(error) || error.retryable;
    const isOfOne = isQuadrilleError(error) && error.code === "Q_WRITE_REFUSED" && page.length > 1;
    this.#leaveMax = isOfOne ? Math.floor(page.length / 2) : this.#leaveMax;
    for (const one of page) {
      one.isLeft = false;
      one.isInDoubt ||= isPassing;
      if (isPassing || isOfOne) continue;
      one.command.reject(error);
      this.#done(one.command.message.id);
    }
    if (isPassing) throw error;
  }

  async #failed(_error: unknown): Promise<boolean> {
    const { clock } = this.#options.ambient;
    await clock.sleep(this.#options.limits.backoffMs, this.#stop.signal);
    return false;
  }

  /**
   * Gives callers their answers, and deletes the requests. One that is gone was swept. One whose leaving was
   * in doubt stays, with its answer, until it is swept: a late statement would leave it once more, and it
   * would take effect twice.
   */
  async #passAnswers(ids: readonly string[]): Promise<void> {
    const { requests } = this.#options.store;
    const answers = await requests.answers(ids);
    const answered: string[] = [];
    for (const id of ids) {
      const sent = this.#sent.get(id);
      const answer = answers.get(id);
      if (sent === undefined || (answer === undefined && answers.has(id))) continue;
      if (answer === undefined) sent.command.reject(unknownFate(sent.command));
      else passAnswer(sent.command, answer);
      if (!sent.isInDoubt) answered.push(id);
      this.#done(id);
    }
    // If that fails, the owner of the lane sweeps them later.
    if (answered.length > 0) void requests.withdraw(answered).catch(() => undefined);
  }
}
