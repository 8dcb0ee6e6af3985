// Whether a participant's code has what its contract asks for. TypeScript sees that, but Node runs a module
// without looking at its types: what is missing would be found by a message, or give an activity up.
import { QuadrilleError } from "../errors.ts";
import { assertOptions, didYouMean, wrongArgument } from "./known-keys.ts";
import { namedOutcomes } from "./outcome.ts";
import { type Participant, sentencesOf } from "./participant.ts";
import type { Reaction } from "./reaction.ts";
import { isRecord, kindOf } from "./reading.ts";
import { shapeProblem } from "./value-shape.ts";

/** Code as a module without types may give it. */
export interface CodeParts {
  readonly handlers?: unknown;
  readonly activities?: unknown;
}

/** Code as it is given: names are data from here on. */
export interface GivenCode {
  /** By state, then by the trigger's name. */
  readonly handlers: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  readonly activities: ReadonlyMap<string, unknown>;
}

/**
 * The code of a participant. Throws `Q_CONTRACT_MALFORMED` for what is no participant, and
 * `Q_ARGUMENT_INVALID` where code is missing, stands under a name that the contract does not have, or is no
 * function.
 */
export function codeOf(participant: Participant, given: CodeParts = {}): GivenCode {
  assertParticipant(participant);
  const what = `service(${participant.name})`;
  assertOptions(what, given, ["handlers", "activities"]);
  const reactions = reactionsOf(participant);
  const handlers = entriesOf(`${what}: handlers`, given.handlers).map(([state, triggers]) => {
    refuseStranger(`${what}: handlers`, { name: state, of: "state", known: [...reactions.keys()] });
    return [state, handlersOf(`${what}: ${state}`, triggers, reactions.get(state) ?? [])] as const;
  });
  const code = {
    handlers: new Map(handlers),
    activities: activitiesOf(what, given.activities, reactions),
  };
  refuseMissingHandler(what, code, reactions);
  return code;
}

function assertParticipant(participant: unknown): asserts participant is Participant {
  if (!isRecord(participant) || participant["kind"] !== "participant")
    throw wrongArgument(
      `service(…) takes a participant, what participant("…", {…}) returns, not ${kindOf(participant)}`,
    );
  const problem = shapeProblem(participant);
  if (problem === undefined) return;
  const sentence = `${String(participant["name"])} at ${problem.path}: ${problem.message}.`;
  throw new QuadrilleError("Q_CONTRACT_MALFORMED", sentence);
}

type ReactionsByState = ReadonlyMap<string, readonly Reaction[]>;

function reactionsOf({ states }: Participant): ReactionsByState {
  return new Map(
    Object.entries(states).map(([state, definition]) => [
      state,
      sentencesOf(definition).filter((one) => one.kind === "reaction"),
    ]),
  );
}

function handlersOf(
  what: string,
  given: unknown,
  reactions: readonly Reaction[],
): ReadonlyMap<string, unknown> {
  const known = reactions.map(({ trigger }) => trigger.name);
  const entries = entriesOf(what, given);
  for (const [name, handler] of entries) {
    refuseStranger(what, { name, of: "reaction to", known });
    if (isHandler(handler)) continue;
    throw wrongArgument(
      `${what}: the handler of ${name} is a function, { transact } or { transactAll }, not ${kindOf(handler)}`,
    );
  }
  return new Map(entries);
}

function isHandler(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (!isRecord(value)) return false;
  const [only, ...others] = Object.values(value);
  return typeof only === "function" && others.length === 0 && ("transact" in value || "transactAll" in value);
}

function activitiesOf(
  what: string,
  given: unknown,
  reactions: ReactionsByState,
): ReadonlyMap<string, unknown> {
  const all = [...reactions.values()].flat();
  const known = all.flatMap(({ trigger }) => (trigger.kind === "activity" ? [trigger.name] : []));
  const entries = entriesOf(`${what}: activities`, given);
  for (const [name, run] of entries) {
    refuseStranger(`${what}: activities`, { name, of: "activity", known });
    if (typeof run !== "function")
      throw wrongArgument(`${what}: the activity ${name} is a function, not ${kindOf(run)}`);
  }
  const activities = new Map(entries);
  const missing = known.find((name) => !activities.has(name));
  if (missing === undefined) return activities;
  throw wrongArgument(
    `${what} has no code for the activity ${missing}. Write { activities: { ${keyOf(missing)}: async (…) => … } }`,
  );
}

function refuseMissingHandler(what: string, { handlers }: GivenCode, reactions: ReactionsByState): void {
  for (const [state, some] of reactions) {
    for (const reaction of some) {
      const { name } = reaction.trigger;
      const need = needOf(reaction);
      if (need === undefined || handlers.get(state)?.has(name) === true) continue;
      throw wrongArgument(
        `${what} has no handler of ${name} in ${state}, which ${need}. Write { handlers: { ${keyOf(state)}: { ${keyOf(name)}: (…) => … } } }`,
      );
    }
  }
}

/** Why a reaction needs code, if it does: there is a choice to make, or a payload to fill in. */
function needOf({ outcomes }: Reaction): string | undefined {
  const named = namedOutcomes(outcomes);
  const only = named.get("");
  if (only === undefined) return `chooses among its outcomes (${[...named.keys()].join(", ")})`;
  const carries = only.emit.find(({ schema }) => schema !== undefined);
  return carries === undefined ? undefined : `fills in the payload of ${carries.name}`;
}

interface StrangeName {
  readonly name: string;
  /** What it would be the name of. */
  readonly of: string;
  readonly known: readonly string[];
}

function refuseStranger(what: string, { name, of, known }: StrangeName): void {
  if (known.includes(name)) return;
  const declared = known.length === 0 ? "none is declared" : `declared are ${known.join(", ")}`;
  throw new QuadrilleError(
    "Q_ARGUMENT_INVALID",
    `${what}: there is no ${of} ${JSON.stringify(name)}; ${declared}.${didYouMean(name, known)}`,
  );
}

/** What is left out is as if it were not there. */
function entriesOf(what: string, given: unknown): (readonly [string, unknown])[] {
  if (given === undefined) return [];
  if (!isRecord(given)) throw wrongArgument(`${what} takes an object, not ${kindOf(given)}`);
  return Object.entries(given).filter(([, value]) => value !== undefined);
}

/** A name as the key of an object. */
function keyOf(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name);
}
