// What each action of an exported TLA+ module says, as data; the same data is made from the contract and
// compared with it.
import { conjuncts, definition } from "./run-tla.ts";
import type { Change, Expression, Module } from "./tla-syntax.ts";

/** One action: the step of one participant in one state by one outcome. */
export interface Action {
  readonly participant: string;
  readonly state: string;
  /** What must be there before: `messages X to B > 0`, `budget go > 0`, `tally held >= 2`. Sorted. */
  readonly needs: readonly string[];
  /** What must fit below the cap: `messages X to B + 1`. Sorted. */
  readonly room: readonly string[];
  /** The state after; the same one where it stays. */
  readonly to: string;
  /** `messages X to B - 1`, `tally held + 2`. Sorted. */
  readonly changes: readonly string[];
}

/** Reads an action of the module; throws at a conjunct that it does not know. */
export function readAction(module: Module, name: string): Action {
  const reading: Reading = { needs: [], room: [], changes: [] };
  for (const part of conjuncts(definition(module, name))) readPart(reading, part);
  const { participant = "", state = "", to = state } = reading;
  return {
    participant,
    state,
    needs: reading.needs.toSorted(),
    room: reading.room.toSorted(),
    to,
    changes: reading.changes.toSorted(),
  };
}

interface Reading {
  participant?: string;
  state?: string;
  to?: string;
  readonly needs: string[];
  readonly room: string[];
  readonly changes: string[];
}

function readPart(reading: Reading, part: Expression): void {
  if (part.is === "unchanged") return;
  if (part.is !== "binary") throw new SyntaxError(`an action says ${part.is}`);
  const { operator, left, right } = part;
  if (operator === "=" && left.is === "primed") {
    readUpdate(reading, left.name, right);
    return;
  }
  if (operator === "=") {
    const [variable, key] = place(left);
    if (variable !== "state" || reading.state !== undefined)
      throw new SyntaxError("an action begins in two states");
    reading.participant = key;
    reading.state = textOf(right);
    return;
  }
  if (operator === "<=" && left.is === "binary" && left.operator === "+") {
    // A tally has room for so many of its largest changes, as a number.
    const isCap = right.is === "name" && right.name === "Cap";
    if (!isCap && !(right.is === "number" && place(left.left)[0] === "tally"))
      throw new SyntaxError("room below something other than the cap");
    reading.room.push(`${place(left.left).join(" ")} + ${numberOf(left.right)}`);
    return;
  }
  reading.needs.push(`${place(left).join(" ")} ${operator} ${numberOf(right)}`);
}

function readUpdate(reading: Reading, variable: string, value: Expression): void {
  if (value.is !== "except" || value.of.is !== "name" || value.of.name !== variable)
    throw new SyntaxError(`${variable} becomes something other than itself with changes`);
  for (const change of value.changes) readChange(reading, variable, change);
}

function readChange(reading: Reading, variable: string, { when, value }: Change): void {
  const key = textOf(when);
  if (variable === "state") {
    if (key !== reading.participant) throw new SyntaxError("an action moves another participant");
    reading.to = value.is === "name" && value.name === "Stopped" ? "(stopped)" : textOf(value);
    return;
  }
  if (value.is !== "binary" || value.left.is !== "old")
    throw new SyntaxError(`${key} is not counted from itself`);
  reading.changes.push(`${variable} ${key} ${value.operator} ${numberOf(value.right)}`);
}

function place(expression: Expression): [variable: string, key: string] {
  if (expression.is !== "apply" || expression.of.is !== "name")
    throw new SyntaxError("expected a variable's entry");
  return [expression.of.name, textOf(expression.key)];
}

function textOf(expression: Expression): string {
  if (expression.is !== "text") throw new SyntaxError("expected a text");
  return expression.value;
}

function numberOf(expression: Expression): number {
  if (expression.is !== "number") throw new SyntaxError("expected a number");
  return expression.value;
}
