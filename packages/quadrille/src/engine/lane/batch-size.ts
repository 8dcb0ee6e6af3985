// How many messages a batch may have. The number is halved when a batch is refused or too large, until one
// message is alone and known to be the cause; it grows again with every batch that succeeds.
import { isQuadrilleError, QuadrilleError, thrownText } from "../../errors.ts";

/** A batch whose output is too large; with fewer messages it fits. */
export class BatchTooLarge extends Error {
  /** The messages that fit. */
  readonly messages: number;

  constructor(messages: number) {
    super(`a batch is too large after ${messages} messages`);
    this.name = "BatchTooLarge";
    this.messages = messages;
  }
}

/** Errors with which a batch is not written, because of one of its messages. */
const ofOneMessage: ReadonlySet<string> = new Set(["Q_WRITE_REFUSED", "Q_HANDLER_TIMED_OUT"]);

/**
 * Why a message is not decided, nor tried again unless the error is `retryable`, and whether its payload
 * could not be written either.
 */
export interface Condemned {
  readonly error: QuadrilleError;
  readonly isWithoutPayload: boolean;
}

/** The size of one worker's batches. */
export class BatchSize {
  readonly #max: number;
  #now: number;
  readonly #condemned = new Map<string, Condemned>();

  constructor(max: number) {
    this.#max = max;
    this.#now = max;
  }

  /** The most messages of the next batch. */
  get messages(): number {
    return this.#now;
  }

  /** Whether batches are smaller than usual. */
  get isNarrow(): boolean {
    return this.#now < this.#max;
  }

  /** Whether a message stands alone in its batch. */
  get isAlone(): boolean {
    return this.#now === 1 && this.isNarrow;
  }

  condemned(id: string): Condemned | undefined {
    // Asked for each message; the id would have to be hashed.
    return this.#condemned.size === 0 ? undefined : this.#condemned.get(id);
  }

  /** After a batch with these messages was written. */
  grow(ids: readonly string[], isLarge: boolean): void {
    if (this.#condemned.size > 0) for (const id of ids) this.#condemned.delete(id);
    if (!isLarge) this.#now = Math.min(this.#max, this.#now * 2);
  }

  /** After a batch with these messages failed. Whether the next one has a better chance. */
  shrink(error: unknown, ids: readonly string[]): boolean {
    if (error instanceof BatchTooLarge) {
      this.#now = Math.max(1, Math.min(this.#now - 1, error.messages));
      return true;
    }
    if (!isQuadrilleError(error) || !ofOneMessage.has(error.code)) return false;
    if (this.#now > 1 && ids.length > 1) {
      this.#now = Math.max(1, Math.floor(Math.min(this.#now, ids.length) / 2));
      return true;
    }
    this.#now = 1;
    return this.#condemn(error, ids);
  }

  /**
   * After a batch whose session ended in the handler of these messages. Of several, fewer are asked together;
   * a single one has had an attempt: the next batch parks it, with `Q_STORE_UNREACHABLE`. Whether there is
   * one of either.
   */
  blame(cause: unknown, ids: readonly string[]): boolean {
    if (ids.length > 1) {
      this.#now = Math.max(1, Math.floor(Math.min(this.#now, ids.length) / 2));
      return true;
    }
    const message = `The session ended while the handler had it: ${thrownText(cause)}`;
    return this.#condemn(new QuadrilleError("Q_STORE_UNREACHABLE", message, { retryable: true, cause }), ids);
  }

  /** Several events of one journal row cannot be parted: one after another. */
  #condemn(error: QuadrilleError, ids: readonly string[]): boolean {
    const next = ids.find((id) => !this.#condemned.has(id));
    if (next !== undefined) {
      this.#condemned.set(next, { error, isWithoutPayload: false });
      return true;
    }
    const last = ids.find((id) => this.#condemned.get(id)?.isWithoutPayload === false);
    if (last !== undefined) this.#condemned.set(last, { error, isWithoutPayload: true });
    return last !== undefined;
  }
}
