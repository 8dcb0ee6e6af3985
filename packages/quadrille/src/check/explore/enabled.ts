// Which steps a state enables: those of a range, listed when a state first asks for them.
import { listRange, offsetOf, stride } from "./program.ts";
import { makeRoomForSteps, type Space } from "./space.ts";
import { valuesPer } from "./step-index.ts";

/** The first step of a range, which is listed when it is first asked for. */
export function firstIn(space: Space, range: number): number {
  const { program } = space;
  const first = program.ranges[range * valuesPer.range] ?? 0;
  if (first >= 0) return first;
  listRange(program, range);
  makeRoomForSteps(space);
  return program.ranges[range * valuesPer.range] ?? 0;
}

/** Whether the guards of a step hold in the state that begins at `base`. */
export function isEnabled(space: Space, base: number, step: number): boolean {
  const { table } = space.program;
  const { arena } = space;
  const at = step * stride;
  for (let guard = at; guard < at + offsetOf.checks; guard += 3) {
    const mask = table[guard + 1] ?? 0;
    if (mask === 0) return true;
    const value = (arena[base + (table[guard] ?? 0)] ?? 0) & mask;
    const wanted = table[guard + 2] ?? 0;
    if (wanted < 0 ? value === ~wanted : value !== wanted) return false;
  }
  return true;
}
