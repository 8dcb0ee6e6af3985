// The one error that a planner throws.

/** A snapshot is not as it must be. `problems` has a sentence for each thing that is wrong. */
export class PlannerInputError extends Error {
  readonly code = "PLANNER_INPUT";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const rest = problems.length - 1;
    super(`The snapshot can not be planned: ${problems[0] ?? ""}${rest > 0 ? ` (and ${rest} more)` : ""}`);
    this.name = "PlannerInputError";
    this.problems = problems;
  }
}
