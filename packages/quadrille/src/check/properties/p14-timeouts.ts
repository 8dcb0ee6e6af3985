// P14: an error that appears only without timeouts was hidden by one.
import { standsFor } from "../explore/exchange-places.ts";
import type { Exploration } from "../explore/explore.ts";
import { type FindingCode, finding, type Finding } from "../model/finding.ts";
import { inBound, type World } from "../model/world.ts";

/** What was explored, what was found, and how to explore the same contract within another bound. */
interface Timed {
  readonly exploration: Exploration;
  readonly findings: readonly Finding[];
  readonly judge: (world: World) => readonly Finding[];
}

const soundWithoutTimeouts: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "P1",
  "P2",
  "P3a",
  "P3c",
  "P4",
  "P5",
]);

/** Explores once more without timeouts. Business deadlines stay, because time passes. */
export function checkTimeouts({ exploration, findings, judge }: Timed): Finding[] {
  const { world } = exploration.program;
  if (!world.bound.timers || !world.sentences.some(({ key }) => key === "timeouts")) return [];
  const place = standsFor(exploration);
  const known = new Set(findings.map(({ code, at }) => `${code} ${place(at).at}`));
  return judge(inBound(world, { ...world.bound, timeouts: false }))
    .filter(({ code, at }) => soundWithoutTimeouts.has(code) && !known.has(`${code} ${place(at).at}`))
    .map(({ code, message, at, path }) =>
      finding("P14", { message: `without timeouts, ${message} (${code})`, at, path }),
    );
}
