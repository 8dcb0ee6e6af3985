// A participant's table together with its code: finds the handler of a reaction and lets it choose.
import type {
  Choice,
  RunnableHandler,
  RunnableInput,
  Service,
  Transaction,
  TransactHandler,
} from "../../contract/handler.ts";
import type { FromElsewhere } from "../../contract/elsewhere.ts";
import { isPromised } from "../../contract/promised.ts";
import { QuadrilleError } from "../../errors.ts";
import { sagaNamedBy } from "./arrival.ts";
import { compile, type ReactionRow, type Table, triggerKey } from "../../contract/table.ts";

/** A service as the engine needs it, with everything derived from its contract once. */
export interface Runnable {
  readonly table: Table;
  readonly service: Service;
  /** For events of other choreographies that join a saga, which one, by the event's name. */
  readonly joined: ReadonlyMap<string, (data: unknown) => string | undefined>;
  /** The handler of a reaction, or nothing where the reaction needs none. */
  handlerOf(reaction: ReactionRow): RunnableHandler | undefined;
  /** The functions from which a handler chooses its outcome. */
  choicesOf(reaction: ReactionRow): unknown;
}

/** Derives the runnable form, in a choreography that takes these events from elsewhere. */
export function runnable(service: Service, takes: readonly FromElsewhere[] = []): Runnable {
  const choices = new WeakMap<ReactionRow, unknown>();
  const table = compile(service.participant);
  return {
    table,
    service,
    joined: new Map(
      takes.flatMap(({ event, saga }) =>
        saga === undefined ? [] : [[event.name, (data: unknown) => sagaNamedBy(saga, data)] as const],
      ),
    ),
    handlerOf: ({ handler }) =>
      handler === undefined ? undefined : service.handlers.get(handler.state)?.get(handler.trigger),
    choicesOf: (reaction) => {
      const known = choices.get(reaction);
      if (known !== undefined) return known;
      const made = choicesFor(reaction, table);
      choices.set(reaction, made);
      return made;
    },
  };
}

type UncheckedPayloads = Readonly<Record<string, unknown>>;
type UncheckedChanges = { readonly data?: unknown };

function choicesFor(reaction: ReactionRow, { schemas }: Table): unknown {
  const named = Array.from(reaction.outcomes, ([name, { emit }]) => {
    const hasPayload = emit.some((event) => schemas.has(triggerKey("event", event)));
    return [name, hasPayload ? chooser(name) : plainChooser(name)] as const;
  });
  const [first] = named;
  return named.length === 1 && first?.[0] === "" ? first[1] : Object.freeze(Object.fromEntries(named));
}

function chooser(outcome: string): (payloads?: UncheckedPayloads, changes?: UncheckedChanges) => Choice {
  return (payloads = none, { data } = none) =>
    data === undefined ? { outcome, payloads } : { outcome, data, payloads };
}

/** Of an outcome that emits no payload. */
function plainChooser(outcome: string): (changes?: UncheckedChanges) => Choice {
  const choose = chooser(outcome);
  return (changes) => choose(none, changes);
}

const none: Readonly<Record<string, never>> = Object.freeze({});

/** Whether the handler wants the batch's transaction. */
export function isTransact(handler: RunnableHandler | undefined): handler is TransactHandler {
  return handler !== undefined && typeof handler === "object";
}

/** Whether the handler takes several messages at a time. */
export function takesSets(handler: TransactHandler): boolean {
  return "transactAll" in handler;
}

/**
 * Runs a handler for messages, several only where it takes sets, and gives its answers in their order: a
 * choice, or an error of that message. Throws `Q_HANDLER_REFUSED` where they are not one for each.
 */
export async function runTransact(
  handler: TransactHandler,
  inputs: readonly RunnableInput[],
  transaction: Transaction,
): Promise<readonly (Choice | Error)[]> {
  if (!("transactAll" in handler)) {
    const [input] = inputs;
    return input === undefined ? [] : [await handler.transact(input, transaction)];
  }
  const answers = await handler.transactAll(inputs, transaction);
  // A handler without types may return anything.
  const count = Array.isArray(answers) ? answers.length : undefined;
  if (count === inputs.length) return answers;
  const given = count === undefined ? "no list of answers" : `${count} answers`;
  throw new QuadrilleError(
    "Q_HANDLER_REFUSED",
    `The handler was given ${inputs.length} messages and gave ${given}. Answer each message, in the same order.`,
  );
}

/** Whether the service has any handler that wants a transaction. */
export function hasTransact(service: Service): boolean {
  return [...service.handlers.values()].some((some) => [...some.values()].some(isTransact));
}

/**
 * A handler without types may return anything; only what `choose` made is taken. Throws `Q_HANDLER_REFUSED`.
 */
export function asChoice(returned: unknown): Choice {
  if (isChoice(returned)) return returned;
  const hint = isPromised(returned)
    ? "a promise; use { transact: async … } or an activity for I/O"
    : "something other than one of its outcomes";
  throw new QuadrilleError("Q_HANDLER_REFUSED", `The handler returned ${hint}.`);
}

function isChoice(value: unknown): value is Choice {
  return typeof value === "object" && value !== null && "outcome" in value && "payloads" in value;
}
