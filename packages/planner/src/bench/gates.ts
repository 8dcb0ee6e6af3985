// The gates: what the planner is measured by, with what must be reached and what would be better still.

/** A measured value against its gate. */
export interface Gate {
  readonly name: string;
  readonly value: number;
  /** At least or at most this; both where a value must lie between. */
  readonly must: Bounds;
  readonly stretch?: Bounds;
  /** Digits after the point. */
  readonly digits: number;
}

/** Bounds of a value, included. */
export interface Bounds {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** How a gate stands. */
export type Standing = "stretch" | "passed" | "failed";

/** Whether the must and the stretch are reached. A value that is no number fails. */
export function standing({ value, must, stretch }: Gate): Standing {
  if (!within(value, must)) return "failed";
  return stretch !== undefined && within(value, stretch) ? "stretch" : "passed";
}

function within(value: number, { atLeast = -Infinity, atMost = Infinity }: Bounds): boolean {
  return value >= atLeast && value <= atMost;
}

/** The cells of a gate's row: name, value, must, stretch, standing. */
export function gateRow(gate: Gate): readonly string[] {
  const { name, value, must, stretch, digits } = gate;
  return [
    name,
    value.toFixed(digits),
    boundsText(must),
    stretch === undefined ? "" : boundsText(stretch),
    standing(gate),
  ];
}

/** The titles of those cells. */
export const gateHead: readonly string[] = ["gate", "value", "must", "stretch", "standing"];

function boundsText({ atLeast, atMost }: Bounds): string {
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} to ${atMost}`;
  return atLeast === undefined ? `<= ${atMost ?? ""}` : `>= ${atLeast}`;
}
