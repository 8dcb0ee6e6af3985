// Which declared end the states of a saga make.
import type { Choreography } from "../../contract/choreography.ts";
import { endsOf } from "../../contract/implied-end.ts";
import { compile } from "../../contract/table.ts";

/**
 * Finds the declared end that a saga's states make, taking the initial state where there is no entity. There
 * is none while a state holds a lock, a call or a deadline: something is still to come then. A shared entity
 * does not count: the saga knows how it left it, and its lock and deadline may be another saga's.
 */
export function endFinder(
  choreography: Choreography,
): (states: ReadonlyMap<string, string>) => string | undefined {
  const { participants } = choreography;
  const initial = new Map(participants.map((one) => [one.name, one.initial]));
  const wanted = Object.entries(endsOf(choreography)).map(([end, { states }]) => {
    const sets = Object.entries(states).map(([name, set]) => ({
      name,
      initial: initial.get(name) ?? "",
      allowed: new Set(typeof set === "string" ? [set] : set),
    }));
    return { end, sets };
  });
  const tables = new Map(participants.map((one) => [one.name, compile(one)]));
  const isCalm = ([name, state]: readonly [string, string]): boolean => {
    const table = tables.get(name);
    const row = table?.keyed === true ? undefined : table?.states.get(state);
    return row === undefined || (!row.lock && row.activity === undefined && row.deadlines.size === 0);
  };
  const findEnd = (states: ReadonlyMap<string, string>): string | undefined =>
    wanted.find(({ sets }) =>
      sets.every(({ name, initial: first, allowed }) => {
        const state = states.get(name) ?? first;
        return allowed.has(state) || allowed.has(tables.get(name)?.states.get(state)?.base ?? "");
      }),
    )?.end;
  return (states) => {
    const end = findEnd(states);
    return end !== undefined && [...states].every(isCalm) ? end : undefined;
  };
}
