// Who can still produce an event: a walk over what a participant may do from the state it is in.
import type { OutcomeRow, ReactionRow, StateRow, Table } from "../contract/table.ts";

/** Whether some way on from `state` emits `event`. */
export function canStillEmit(table: Table, state: string, event: string): boolean {
  if (!table.emitted.has(event)) return false;
  const seen = new Set([state]);
  for (const name of seen) {
    const row = table.states.get(name);
    for (const { to, emit } of row === undefined ? [] : outcomesOf(row)) {
      if (emit.includes(event)) return true;
      seen.add(to);
    }
  }
  return false;
}

/** The events that would move an entity on from a state. */
export function movingEvents(row: StateRow): readonly string[] {
  return [...row.sentences].flatMap(([key, sentence]) =>
    key.startsWith("event:") && sentence.kind === "reaction" ? [key.slice("event:".length)] : [],
  );
}

function outcomesOf({
  sentences,
}: StateRow): readonly { readonly to: string; readonly emit: readonly string[] }[] {
  return [...sentences.values()].flatMap((sentence) =>
    sentence.kind === "reaction" ? rowsOf(sentence) : [],
  );
}

function rowsOf({ outcomes, gaveUp }: ReactionRow): readonly OutcomeRow[] {
  return [...outcomes.values(), ...(gaveUp === undefined ? [] : rowsOf(gaveUp))];
}
