// The sets of a batch: messages of one kind, each of another entity, that a handler answers together. What it
// has written for a set stands as a whole or is undone: then those that failed by themselves are taken out,
// and where it is not known which ones did, the set is halved until they are alone.
import type { RunnableInput, Transaction, TransactHandler } from "../../contract/handler.ts";
import type { ReactionRow } from "../../contract/table.ts";
import { invariant, isQuadrilleError } from "../../errors.ts";
import type { EntityRecord } from "../../store/records.ts";
import type { TransactScope } from "../../store/store.ts";
import { sentenceFor } from "../../transition/transition.ts";
import { asChoice, runTransact, takesSets } from "../message/code.ts";
import type { Incoming } from "../message/incoming.ts";
import {
  asked,
  check,
  type Deciding,
  heldBy,
  inputFor,
  judge,
  type JudgeContext,
  type Judged,
  refuseUnknownState,
  refuseUnplaced,
} from "./judge.ts";
import { type Walls, withinWalls } from "./walls.ts";

/** A message that the batch is about to decide. */
export interface Coming {
  readonly message: Incoming;
  /** Two commands with the same one are not in one set: the second gets the answer of the first. */
  readonly idempotencyKey?: string | undefined;
  /** Whether a handler would be asked for it, as things stand. */
  readonly isOpen: () => boolean;
}

/** A message with the handler that it is for. */
export interface SetMember extends Deciding {
  readonly reaction: ReactionRow;
  readonly handler: TransactHandler;
}

/** What sets are made and answered with. */
export interface SetParts {
  readonly context: JudgeContext;
  readonly scope: TransactScope;
  readonly walls: Walls;
  /** The entity that the message is for, as it is now. */
  readonly entity: (message: Incoming) => EntityRecord;
  /** Whether no handler is asked for the message: what came of it could not be written. */
  readonly isCondemned: (id: string) => boolean;
}

type SetAnswer = { readonly judged: Judged } | { readonly error: unknown };

/** Thrown to undo a set of which some failed by themselves. */
const undone = new Error("a part of the set failed");

/** What the `transact` handlers of one batch answer. */
export class MessageSets {
  readonly #parts: SetParts;
  #coming: readonly Coming[] = [];
  #places: ReadonlyMap<string, number> = new Map();
  /** Answers of messages whose turn has not come yet. */
  readonly #answers = new Map<string, SetAnswer>();
  #lost: readonly string[] = [];

  constructor(parts: SetParts) {
    this.#parts = parts;
  }

  /** The messages in whose handler the session ended. */
  get lost(): readonly string[] {
    return this.#lost;
  }

  /** Says what is decided next, in its order. */
  expect(coming: readonly Coming[]): void {
    this.#coming = coming;
    this.#places = new Map(coming.map(({ message }, place) => [message.id, place]));
  }

  /**
   * What comes of the message, which is decided now; those behind it that can be are asked for along with it.
   */
  async judged(member: SetMember): Promise<Judged> {
    const { id } = member.message;
    if (!this.#answers.has(id)) await this.#settle(this.#setFrom(member));
    const answer = this.#answers.get(id);
    invariant(answer !== undefined, `${id} has no answer`);
    this.#answers.delete(id);
    if ("error" in answer) throw answer.error;
    return answer.judged;
  }

  /** Says that everything expected was decided. What was written for a message must not stand without it. */
  finish(): void {
    const [left] = this.#answers.keys();
    invariant(left === undefined, `${left} was answered and not decided`);
  }

  /**
   * The message and those behind it for the same handler: of each entity the next one, for that one changes
   * it.
   */
  #setFrom(first: SetMember): readonly SetMember[] {
    const place = this.#places.get(first.message.id);
    if (place === undefined || !takesSets(first.handler)) return [first];
    const set = [first];
    const taken = new Set([first.message.key, named(this.#coming[place]?.idempotencyKey)]);
    for (const one of this.#coming.slice(place + 1)) {
      const { key } = one.message;
      const name = named(one.idempotencyKey);
      const isFree = !taken.has(key) && (name === undefined || !taken.has(name));
      taken.add(key).add(name);
      const isAsked = isFree && !this.#parts.isCondemned(one.message.id) && one.isOpen();
      const member = isAsked ? this.#memberOf(one.message, first.handler) : undefined;
      if (member !== undefined) set.push(member);
    }
    return set;
  }

  #memberOf(message: Incoming, handler: TransactHandler): SetMember | undefined {
    const { context } = this.#parts;
    const { table } = context.code;
    const entity = this.#parts.entity(message);
    try {
      refuseUnknownState(context, entity);
      const reaction = sentenceFor(table, entity, asked(table, { message, entity }));
      if (reaction?.kind !== "reaction" || context.code.handlerOf(reaction) !== handler) return undefined;
      const checked = check(context, message);
      refuseUnplaced(context, checked);
      return { message: checked, entity: heldBy(context, entity), reaction, handler };
    } catch {
      // It is found and reported when its own turn comes.
      return undefined;
    }
  }

  async #settle(set: readonly SetMember[]): Promise<void> {
    for (let left = set; left.length > 0; ) left = await this.#pass(left);
  }

  /** Asks for the set, and gives those that have no answer yet. */
  async #pass(set: readonly SetMember[]): Promise<readonly SetMember[]> {
    try {
      const answers = await this.#attempt(set);
      const isUndone = answers.some(isFailed);
      const left = set.filter((_, index) => isUndone && !isFailed(answers[index]));
      for (const [index, answer] of answers.entries())
        if (!isUndone || isFailed(answer)) this.#note(set[index], answer);
      return left;
    } catch (error) {
      // The handlers after it find the session gone.
      if (isLost(error) && this.#lost.length === 0) this.#lost = set.map(({ message }) => message.id);
      if (set.length === 1 || isLost(error)) {
        for (const member of set) this.#note(member, { error });
        return [];
      }
      const middle = Math.ceil(set.length / 2);
      await this.#settle(set.slice(0, middle));
      return set.slice(middle);
    }
  }

  #note(member: SetMember | undefined, answer: SetAnswer): void {
    if (member !== undefined) this.#answers.set(member.message.id, answer);
  }

  /** One answer each. What the handler has written goes where one of them failed, as when it throws. */
  async #attempt(set: readonly SetMember[]): Promise<readonly SetAnswer[]> {
    const { context, scope, walls } = this.#parts;
    const [first] = set;
    if (first === undefined) return [];
    const { handler } = first;
    const inputs: readonly RunnableInput[] = set.map((member) => inputFor(context, member, member.reaction));
    const run = (transaction: Transaction) => runTransact(handler, inputs, transaction);
    let answers: readonly SetAnswer[] = [];
    try {
      await scope.savepoint(async () => {
        const given = await withinWalls(walls, scope, run);
        answers = set.map((member, index) => answerOf(context, member, given[index]));
        if (answers.some(isFailed)) throw undone;
      });
    } catch (error) {
      if (error !== undone) throw error;
    }
    return answers;
  }
}

function answerOf(context: JudgeContext, member: SetMember, given: unknown): SetAnswer {
  if (given instanceof Error && takesSets(member.handler)) return { error: given };
  try {
    return { judged: judge(context, member, asChoice(given)) };
  } catch (error) {
    return { error };
  }
}

function isFailed(answer: SetAnswer | undefined): boolean {
  return answer !== undefined && "error" in answer;
}

/** The transaction is gone, with whatever it holds. Whose fault that is, the next batches show. */
function isLost(error: unknown): boolean {
  return isQuadrilleError(error) && error.code === "Q_STORE_UNREACHABLE";
}

/** Apart from entities' keys. */
function named(idempotencyKey: string | undefined): string | undefined {
  return idempotencyKey === undefined ? undefined : `\n${idempotencyKey}`;
}
