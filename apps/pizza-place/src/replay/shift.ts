// What happens to a replayed order after its approval: its consumer may cancel or revise it, and the
// kitchen's staff works on its ticket until it is picked up. One script per order; all commands have keys, so
// a restart repeats them without effect.
import type { Answer, SagaEnd } from "quadrille";
import type { RevisionRequest } from "../order/events.ts";
import type { RequestKey, TicketAction } from "../place.ts";
import type { Patience } from "./patience.ts";
import { aborted, type ReplayClock, type ReplayOrder } from "./replay.ts";
import { type Wish, type Wishful, wishOf } from "./wishes.ts";

/** What the scripts need. */
export interface ShiftParts {
  readonly place: {
    workOnTicket(orderId: string, action: TicketAction, key: RequestKey): Promise<Answer>;
    decideOnOrder(orderId: string, action: "cancel" | "approve", key: RequestKey): Promise<Answer>;
    reviseOrder(orderId: string, wish: RevisionRequest, key: RequestKey): Promise<Answer>;
    ended(sagaId: string, signal: AbortSignal): Promise<SagaEnd | undefined>;
  };
  readonly wishful: Wishful;
  readonly patience: Patience;
  readonly clock: Pick<ReplayClock, "sleep">;
  /** How long each step of the staff takes, in milliseconds. */
  readonly stepMs: number;
  /** Whether large orders wait for a person: the staff approves them. */
  readonly approves: boolean;
  readonly stop: AbortSignal;
}

const steps: readonly TicketAction[] = ["accept", "prepare", "ready", "pick-up"];

/** The scripts at work. */
export class Shift {
  readonly #parts: ShiftParts;
  readonly #working = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(parts: ShiftParts) {
    this.#parts = parts;
  }

  /** Begins the script of an order that was placed, now or earlier. */
  take(orderId: string, order: ReplayOrder): void {
    const work = this.#script(orderId, order).catch((error: unknown) => {
      this.#failure ??= { error };
    });
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }

  /** Resolves once fewer than `count` scripts are at work, or when `signal` aborts. Rejects with the first error of one. */
  async below(count: number, signal: AbortSignal): Promise<void> {
    if (this.#working.size >= count) {
      const over = aborted(signal);
      while (this.#working.size >= count && !signal.aborted && this.#failure === undefined)
        await Promise.race([over, ...this.#working]);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #script(orderId: string, order: ReplayOrder): Promise<void> {
    const { place, wishful, clock, stepMs, approves, stop } = this.#parts;
    const first = await place.ended(orderId, stop);
    if (first?.end === "waiting" && approves) {
      await this.#send(`${order.reference}/approve`, (key) => place.decideOnOrder(orderId, "approve", key));
    }
    if (!(await this.#isApproved(orderId))) return;
    const wish = wishOf(wishful, order);
    for (const [done, action] of steps.entries()) {
      if (stepMs > 0) await clock.sleep(stepMs, stop);
      if (wish?.done === done && !(await this.#ask(orderId, order, wish))) return;
      if (stop.aborted) return;
      await this.#send(`${order.reference}/${action}`, (key) => place.workOnTicket(orderId, action, key));
    }
  }

  /** Sends the consumer's wish and waits for its result; returns whether there is still something to bake. */
  async #ask(orderId: string, order: ReplayOrder, wish: Wish): Promise<boolean> {
    const { place } = this.#parts;
    await this.#send(`${order.reference}/${wish.kind}`, (key) =>
      wish.kind === "cancel"
        ? place.decideOnOrder(orderId, "cancel", key)
        : place.reviseOrder(orderId, { lines: wish.lines, total: wish.total, basedOn: 0 }, key),
    );
    return await this.#isApproved(orderId);
  }

  async #isApproved(orderId: string): Promise<boolean> {
    const { place, stop } = this.#parts;
    return (await place.ended(orderId, stop))?.end === "approved";
  }

  /** A refusal is also an answer: another command came first. */
  async #send(name: string, send: (key: RequestKey) => Promise<Answer>): Promise<void> {
    const { patience, stop } = this.#parts;
    await patience(() => send({ idempotencyKey: `replay/${name}` }), stop);
  }
}
