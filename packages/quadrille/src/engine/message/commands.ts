// Pending commands: they wait for their batch and are answered after its commit; repeats get the first
// answer.
import { QuadrilleError } from "../../errors.ts";
import type { AnswerRecord } from "../../store/records.ts";
import type { Answer } from "./api.ts";
import type { Incoming } from "./incoming.ts";
import type { Limits } from "./limits.ts";
import { isSameRequest } from "./request-digest.ts";

/** A command that waits for its batch. */
export interface Waiting {
  readonly message: Incoming;
  readonly idempotencyKey: string | undefined;
  /** The digest of the request that the idempotency key stands for; absent without a key. */
  readonly digest: string | undefined;
  /** The digest by which earlier versions knew the request, where that is another one. */
  readonly parsedDigest?: string;
  /** About the bytes of its payload. */
  readonly weight: number;
  /** The request with which another process has sent it; its answer is written there. */
  readonly requestId?: string;
  /** The answer that its idempotency key has already, where that is known. */
  readonly first?: AnswerRecord;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** The answers to give once the batch has committed. */
export interface Verdict {
  readonly command: Waiting;
  readonly answer: Answer | { readonly status: "failed"; readonly error: unknown };
}

/** The commands of one lane. */
export class Commands {
  readonly #limits: Pick<Limits, "commandsWaitingMax" | "commandBytesWaitingMax">;
  /** About the bytes of all that have no answer. */
  #weight = 0;
  #waiting: Waiting[] = [];
  /** In the present batch. */
  #taken: Waiting[] = [];
  /** Of those without an answer, the ones that other processes have sent. */
  #requests = 0;
  /** Put back from a batch in doubt: they may have taken effect. */
  readonly #inDoubt = new Set<Waiting>();

  constructor(limits: Pick<Limits, "commandsWaitingMax" | "commandBytesWaitingMax">) {
    this.#limits = limits;
  }

  /** Commands without an answer. */
  get waiting(): number {
    return this.#waiting.length + this.#taken.length;
  }

  /** Those that are in no batch. */
  get queued(): number {
    return this.#waiting.length;
  }

  /** Whether any waits that is in no batch. */
  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Queues a command. Throws `Q_OVERLOADED` when too many wait. */
  add(command: Waiting): void {
    const { commandsWaitingMax, commandBytesWaitingMax } = this.#limits;
    const { weight } = command;
    const isTooLarge = this.waiting > 0 && this.#weight + weight > commandBytesWaitingMax;
    if (isTooLarge || this.waiting >= commandsWaitingMax) {
      const what = isTooLarge ? `${this.waiting} large commands` : `${commandsWaitingMax} commands`;
      throw new QuadrilleError("Q_OVERLOADED", `${what} are waiting; send this one again in a moment.`, {
        retryable: true,
      });
    }
    this.#weight += weight;
    this.#waiting.push(command);
  }

  /** Whether some of those that wait were sent by other processes. */
  get hasRequests(): boolean {
    return this.#requests > 0;
  }

  /** Queues commands that other processes have sent: their number was bounded there and in the table. */
  addRequests(commands: readonly Waiting[]): void {
    this.#requests += commands.length;
    for (const command of commands) {
      this.#weight += command.weight;
      this.#waiting.push(command);
    }
  }

  /** Returns all commands without an answer and drops them, because another process has the lane. */
  handOver(): readonly Waiting[] {
    this.putBack(false);
    const commands = this.#waiting;
    this.#waiting = [];
    this.#inDoubt.clear();
    this.#weight = 0;
    return commands;
  }

  /** Takes the next commands, up to a number, until they are concluded or put back. */
  take({ messages, bytes }: { readonly messages: number; readonly bytes: number }): readonly Waiting[] {
    let weight = 0;
    let end = 0;
    for (; end < Math.min(messages, this.#waiting.length); end += 1) {
      weight += this.#waiting[end]?.weight ?? 0;
      if (end > 0 && weight > bytes) break;
    }
    const taken = this.#waiting.splice(0, end);
    for (const command of taken) this.#inDoubt.delete(command);
    this.#taken.push(...taken);
    return taken;
  }

  /** Those that are taken next, up to a number. */
  next(messages: number): readonly Waiting[] {
    return this.#waiting.slice(0, messages);
  }

  /** The commands in the present batch. */
  get taken(): readonly Waiting[] {
    return this.#taken;
  }

  /** Drops a command whose caller has given up, unless it is in the present batch. */
  forget(command: Waiting): void {
    const before = this.waiting;
    this.#waiting = this.#waiting.filter((one) => one !== command);
    if (this.waiting < before) this.#weight -= command.weight;
    this.#inDoubt.delete(command);
  }

  /**
   * Puts back what was taken and not concluded, before all others; `inDoubt` where the batch may have been
   * written. Requests are forgotten: they stand in the table, unless they were decided or withdrawn.
   */
  putBack(inDoubt: boolean): void {
    if (this.#requests > 0) this.#forgetRequests();
    if (inDoubt) for (const command of this.#taken) this.#inDoubt.add(command);
    this.#waiting = [...this.#taken, ...this.#waiting];
    this.#taken = [];
  }

  #forgetRequests(): void {
    const isOwn = (command: Waiting): boolean => {
      if (command.requestId !== undefined) this.#weight -= command.weight;
      return command.requestId === undefined;
    };
    this.#taken = this.#taken.filter(isOwn);
    this.#waiting = this.#waiting.filter(isOwn);
    this.#requests = 0;
  }

  /** Answers commands and forgets them. */
  conclude(verdicts: readonly Verdict[]): void {
    if (verdicts.length === 0) return;
    const concluded = new Set(verdicts.map(({ command }) => command));
    for (const command of concluded) this.#inDoubt.delete(command);
    const others = (command: Waiting): boolean => !concluded.has(command);
    for (const one of [...this.#taken, ...this.#waiting]) {
      if (!concluded.has(one)) continue;
      this.#weight -= one.weight;
      if (one.requestId !== undefined) this.#requests -= 1;
    }
    this.#taken = this.#taken.filter(others);
    // Where the answer to the flush was lost, they had been put back.
    this.#waiting = this.#waiting.filter(others);
    for (const { command, answer } of verdicts) {
      if (answer.status === "failed") command.reject(answer.error);
      else command.resolve(answer);
    }
  }

  /**
   * Rejects all pending commands because the engine stops, or for the given reason. `inDoubt` if the present
   * batch may have been written.
   */
  rejectAll(inDoubt: boolean, reason: QuadrilleError = stopping()): void {
    this.putBack(inDoubt);
    for (const command of this.#waiting)
      command.reject(this.#inDoubt.has(command) ? unknownFate(command) : reason);
    this.#inDoubt.clear();
    this.#waiting = [];
  }
}

/** The error of a command that had no effect, because the engine stops: `Q_STOPPING`. */
export function stopping(): QuadrilleError {
  const message = "The engine is stopping; send the command to another one, or later.";
  return new QuadrilleError("Q_STOPPING", message, { retryable: true });
}

/** The error of a command that may have taken effect: `Q_IN_DOUBT`. */
export function unknownFate({ message, idempotencyKey }: Waiting): QuadrilleError {
  const hasKey = idempotencyKey !== undefined;
  const advice = hasKey
    ? "Send it again with the same idempotency key."
    : `It has no idempotency key: look at saga ${message.sagaId} before you send it again.`;
  return new QuadrilleError(
    "Q_IN_DOUBT",
    `The engine stopped before it knew whether ${message.trigger} took effect. ${advice}`,
    { retryable: hasKey },
  );
}

/**
 * The answer to a repeat: what was recorded when the command first came, or `Q_IDEMPOTENCY_KEY_REUSED` where
 * the key stood for another request.
 */
export function repeated(
  first: AnswerRecord,
  { digest, parsedDigest }: Pick<Waiting, "digest" | "parsedDigest">,
): Verdict["answer"] {
  const { sagaId, key, state, outcome, command } = first;
  // Answers from before migration 0002 have no digest: they are taken as they are.
  if (first.digest !== undefined && !isSameRequest(first.digest, { digest, parsedDigest })) {
    const message = `The idempotency key "${first.idempotencyKey}" stands for another request (${command} of saga ${sagaId}); send this one with a key of its own.`;
    return { status: "failed", error: new QuadrilleError("Q_IDEMPOTENCY_KEY_REUSED", message) };
  }
  return { status: "accepted", sagaId, key, state, outcome, repeated: true };
}
