// What happens to a replayed order after its approval: its consumer may cancel or revise it, and the
// kitchen's staff works on its ticket until it is picked up. One script an order; all commands have keys, so
// a restart repeats them to no effect.
import type { Answer, SagaEnd } from "quadrille";
import type { RevisionRequest } from "../events/order.ts";
import type { SentBy, TicketAction } from "../place.ts";
import type { Patience } from "./patience.ts";
import { aborted, type ReplayOrder } from "./replay-place.ts";
import { scheduleOf } from "./schedule.ts";
import type { ShiftTime } from "./shift-time.ts";
import { type Wish, type Wishful, wishOf } from "./wishes.ts";

/** What the scripts need. */
export interface ShiftParts {
  readonly place: {
    workOnTicket(orderId: string, action: TicketAction, by: SentBy): Promise<Answer>;
    decideOnOrder(orderId: string, action: "cancel" | "approve", by: SentBy): Promise<Answer>;
    reviseOrder(orderId: string, wish: RevisionRequest, by: SentBy): Promise<Answer>;
    ended(sagaId: string, signal: AbortSignal): Promise<SagaEnd | undefined>;
  };
  readonly wishful: Wishful;
  readonly patience: Patience;
  readonly time: ShiftTime;
  /** Whether large orders wait for a person: the staff approves them. */
  readonly approves: boolean;
  readonly stop: AbortSignal;
}

/** An order that was placed. */
interface Placed {
  readonly orderId: string;
  readonly order: ReplayOrder;
}

/** A command: when it is sent, its name, which is its key, and how it is sent. */
interface Errand {
  readonly at: number;
  readonly name: string;
  readonly send: (by: SentBy) => Promise<Answer>;
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
    const { time } = this.#parts;
    const work = time
      .work(() => this.#script({ orderId, order }))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      });
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }

  /**
   * Resolves once fewer than `count` scripts are at work, or when `signal` aborts. Rejects with the first
   * error of one.
   */
  async below(count: number, signal: AbortSignal): Promise<void> {
    if (this.#working.size >= count) {
      const over = aborted(signal);
      while (this.#working.size >= count && !signal.aborted && this.#failure === undefined)
        await Promise.race([over, ...this.#working]);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #script(placed: Placed): Promise<void> {
    const { place, wishful, approves, stop } = this.#parts;
    const { orderId, order } = placed;
    const schedule = scheduleOf(order);
    const first = await place.ended(orderId, stop);
    if (first?.end === "waiting" && approves) {
      const send = (by: SentBy) => place.decideOnOrder(orderId, "approve", by);
      await this.#do(order, { at: schedule.approval, name: "approve", send });
    }
    if (!(await this.#isApproved(orderId))) return;
    const wish = wishOf(wishful, order);
    for (const [done, action] of steps.entries()) {
      if (wish?.done === done && !(await this.#ask(placed, wish, schedule.wish(wish.done)))) return;
      const send = (by: SentBy) => place.workOnTicket(orderId, action, by);
      await this.#do(order, { at: schedule.step(action), name: action, send });
    }
  }

  /**
   * Sends the consumer's wish and waits for what becomes of it; gives whether there is still something to
   * bake.
   */
  async #ask({ orderId, order }: Placed, wish: Wish, at: number): Promise<boolean> {
    const { place } = this.#parts;
    const send = (by: SentBy) =>
      wish.kind === "cancel"
        ? place.decideOnOrder(orderId, "cancel", by)
        : place.reviseOrder(orderId, { lines: wish.lines, total: wish.total, basedOn: 0 }, by);
    await this.#do(order, { at, name: wish.kind, send });
    return await this.#isApproved(orderId);
  }

  async #isApproved(orderId: string): Promise<boolean> {
    const { place, stop } = this.#parts;
    return (await place.ended(orderId, stop))?.end === "approved";
  }

  /** A refusal is an answer, too: another command was first. */
  async #do({ reference }: ReplayOrder, { at, name, send }: Errand): Promise<void> {
    const { patience, time, stop } = this.#parts;
    await time.until(at, reference);
    if (stop.aborted) return;
    const by = { idempotencyKey: `replay/${reference}/${name}`, ...time.dated(at) };
    await patience(() => send(by), stop);
  }
}
