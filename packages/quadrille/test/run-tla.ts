// Runs a parsed module of the exported subset of TLA+: its reachable states and steps, and which state
// predicates always hold.
//
// This is not TLC. It is an interpreter of the few operators that the export uses, so that the module's
// meaning is tried and not only its form.
import type { Expression, Module } from "./tla-syntax.ts";

type Value = string | number | boolean | ReadonlySet<Value> | ReadonlyMap<Value, Value>;
type State = ReadonlyMap<string, Value>;

/** What a run of a module counted. */
export interface TlaRun {
  readonly states: number;
  /** Steps, each disjunct of Next counted by itself. */
  readonly transitions: number;
  /** Those of the given predicates that some reachable state breaks. */
  readonly broken: readonly string[];
}

/** Explores from Init by Next, and evaluates the predicates in every reachable state. */
export function runTla(module: Module, predicates: readonly string[]): TlaRun {
  const first = firstState(module);
  const known = new Map([[keyOf(first), first]]);
  const actions = disjuncts(definition(module, "Next"));
  const broken = new Set<string>();
  let transitions = 0;
  for (const state of known.values()) {
    for (const name of predicates) {
      if (evaluate(definition(module, name), { module, state }) !== true) broken.add(name);
    }
    for (const action of actions) {
      const next = step(action, { module, state });
      if (next === undefined) continue;
      transitions++;
      const key = keyOf(next);
      if (!known.has(key)) known.set(key, next);
    }
  }
  return { states: known.size, transitions, broken: predicates.filter((name) => broken.has(name)) };
}

/** The names of the disjuncts of an action. */
export function disjuncts(expression: Expression): Expression[] {
  return expression.is === "or" ? expression.parts.flatMap(disjuncts) : [expression];
}

/** The conjuncts of an expression. */
export function conjuncts(expression: Expression): Expression[] {
  return expression.is === "and" ? expression.parts.flatMap(conjuncts) : [expression];
}

/** What a name stands for in a module. */
export function definition(module: Module, name: string): Expression {
  const found = module.definitions.get(name);
  if (found === undefined) throw new ReferenceError(`${name} is not defined`);
  return found;
}

interface Scope {
  readonly module: Module;
  readonly state: State;
  /** Bound names. */
  readonly bound?: ReadonlyMap<string, Value>;
  /** The value of `@`. */
  readonly old?: Value;
}

function firstState(module: Module): State {
  const state = new Map<string, Value>();
  for (const part of conjuncts(definition(module, "Init"))) {
    if (part.is !== "binary" || part.operator !== "=" || part.left.is !== "name")
      throw new SyntaxError("Init says something other than the value of a variable");
    state.set(part.left.name, evaluate(part.right, { module, state }));
  }
  return inOrder(module, state);
}

/** Every variable must have a value, and only once. */
function inOrder({ variables }: Module, state: State): State {
  if (state.size !== variables.length) throw new SyntaxError("a variable has no value");
  return new Map(variables.map((name) => [name, valueIn(state, name)]));
}

function valueIn(map: ReadonlyMap<Value, Value>, key: Value): Value {
  const value = map.get(key);
  if (value === undefined) throw new RangeError(`${JSON.stringify(key)} is outside of the domain`);
  return value;
}

/**
 * The state after an action; undefined where it is not enabled. Guards stand before what they guard, as TLC
 * wants it.
 */
function step(action: Expression, scope: Scope): State | undefined {
  const body = action.is === "name" ? definition(scope.module, action.name) : action;
  const next = new Map<string, Value>();
  const set = (name: string, value: Value): void => {
    if (next.has(name)) throw new SyntaxError(`${name} is given two values in one step`);
    next.set(name, value);
  };
  for (const part of conjuncts(body)) {
    if (part.is === "unchanged") {
      for (const name of part.names) set(name, valueIn(scope.state, name));
    } else if (part.is === "binary" && part.operator === "=" && part.left.is === "primed") {
      set(part.left.name, evaluate(part.right, scope));
    } else if (evaluate(part, scope) !== true) return undefined;
  }
  return inOrder(scope.module, next);
}

function evaluate(expression: Expression, scope: Scope): Value {
  const value = (one: Expression): Value => evaluate(one, scope);
  switch (expression.is) {
    case "text":
    case "number":
      return expression.value;
    case "name":
      return lookUp(expression.name, scope);
    case "old":
      return oldValue(scope);
    case "set":
      return new Set(expression.parts.map(value));
    case "and":
      return expression.parts.every((part) => value(part) === true);
    case "or":
      return expression.parts.some((part) => value(part) === true);
    case "not":
      return value(expression.of) !== true;
    case "domain":
      return new Set(asMap(value(expression.of)).keys());
    case "apply":
      return valueIn(asMap(value(expression.of)), value(expression.key));
    case "enabled":
      return step({ is: "name", name: expression.name }, scope) !== undefined;
    case "forAll":
      return [...asSet(value(expression.over))].every((one) => bind(expression, one, scope) === true);
    case "each":
      return new Map([...asSet(value(expression.over))].map((one) => [one, bind(expression, one, scope)]));
    case "choose":
      return choose(expression, scope);
    case "except":
      return except(expression, scope);
    case "binary":
      return combine(expression.operator, value(expression.left), () => value(expression.right));
    case "primed":
    case "unchanged":
    case "always":
      throw new SyntaxError(`${expression.is} is not a matter of one state`);
  }
}

function oldValue({ old }: Scope): Value {
  if (old === undefined) throw new SyntaxError("@ stands outside of EXCEPT");
  return old;
}

function choose({ arms }: Extract<Expression, { readonly is: "choose" }>, scope: Scope): Value {
  const arm = arms.find(({ when }) => evaluate(when, scope) === true);
  if (arm === undefined) throw new RangeError("no arm of a CASE holds");
  return evaluate(arm.value, scope);
}

function lookUp(name: string, scope: Scope): Value {
  if (name === "TRUE" || name === "FALSE") return name === "TRUE";
  return scope.bound?.get(name) ?? scope.state.get(name) ?? evaluate(definition(scope.module, name), scope);
}

function bind(
  { name, of }: { readonly name: string; readonly of: Expression },
  one: Value,
  scope: Scope,
): Value {
  return evaluate(of, { ...scope, bound: new Map([...(scope.bound ?? []), [name, one]]) });
}

function except(
  { of, changes }: Extract<Expression, { readonly is: "except" }>,
  scope: Scope,
): ReadonlyMap<Value, Value> {
  const changed = new Map(asMap(evaluate(of, scope)));
  for (const { when, value } of changes) {
    const key = evaluate(when, scope);
    changed.set(key, evaluate(value, { ...scope, old: valueIn(changed, key) }));
  }
  return changed;
}

function combine(operator: string, left: Value, right: () => Value): Value {
  switch (operator) {
    case "=>":
      return left !== true || right() === true;
    case "=":
      return left === right();
    case "#":
      return left !== right();
    case "\\in":
      return asSet(right()).has(left);
    case ">":
      return asNumber(left) > asNumber(right());
    case ">=":
      return asNumber(left) >= asNumber(right());
    case "<=":
      return asNumber(left) <= asNumber(right());
    case "+":
      return asNumber(left) + asNumber(right());
    case "-":
      return asNatural(asNumber(left) - asNumber(right()));
    default:
      throw new SyntaxError(`the operator ${operator} is not of the subset`);
  }
}

function asNumber(value: Value): number {
  if (typeof value !== "number") throw new TypeError("a number was expected");
  return value;
}

/** The export extends Naturals: nothing may fall below zero. */
function asNatural(value: number): number {
  if (value < 0) throw new RangeError("a natural number falls below zero");
  return value;
}

function asSet(value: Value): ReadonlySet<Value> {
  if (!(value instanceof Set)) throw new TypeError("a set was expected");
  return value;
}

function asMap(value: Value): ReadonlyMap<Value, Value> {
  if (!(value instanceof Map)) throw new TypeError("a function was expected");
  return value;
}

/** States are compared by their values, not by identity. */
function keyOf(state: State): string {
  return JSON.stringify(
    [...state.values()].map((value) => (value instanceof Map ? [...value.values()] : value)),
  );
}
