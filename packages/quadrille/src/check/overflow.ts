// A step that could not be taken: what a counter cannot hold is noted once for each, and is a finding or asks for a wider counter.
import { type Field, maskOf } from "./layout.ts";
import type { Space } from "./space.ts";
import type { Program } from "./tables.ts";

/** A step that could not be taken: its counter is full, or its tally would fall below zero. */
export interface Overflow {
  readonly state: number;
  readonly step: number;
  /** Absent for a queue. */
  readonly field: Field | undefined;
}

/** Whether the overflow is a tally falling below zero, which is a finding of its own and no cut. */
export function isBelowZero({ field, step }: Overflow, program: Program): boolean {
  if (field?.kind !== "tally") return false;
  const change = program.steps[step]?.changes.find(([one]) => one === field);
  return change !== undefined && change[1] < 0;
}

/** Whether a counter is full below the cap; a tally that would fall below zero is not a matter of width. */
export function isNarrow(field: Field | undefined, program: Program): boolean {
  if (field === undefined || field.max >= program.world.bound.cap) return false;
  return field.kind === "messages" || field.kind === "stash" || field.kind === "tally";
}

/** Whether some entity of a state was stopped by a message about which nothing, or never, is said: what follows may only follow from that. */
export function hasStopped({ arena, words, program }: Space, state: number): boolean {
  const { world, layout } = program;
  return world.instances.some(({ index, stopped }) => {
    const field = layout.states[index];
    if (field === undefined) return false;
    return ((arena[state * words + field.word] ?? 0) & maskOf(field)) >> field.shift === stopped;
  });
}
