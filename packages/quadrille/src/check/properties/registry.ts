// The properties: which function judges which code, on what, and whether the verdict holds under
// stubborn sets.
import type { Exploration } from "../explore/explore.ts";
import type { FindingCode, Finding, IsEnough } from "../model/finding.ts";
import { checkDeliveries } from "./p01-p02-deliveries.ts";
import { checkCycles } from "./p03-cycles.ts";
import { checkDeferred } from "./p03-deferred.ts";
import { checkEndsReached, checkRest } from "./p04-ends.ts";
import { checkLocks } from "./p05-locks.ts";
import { checkExactUndo } from "./p06-exact-undo.ts";
import { checkRefusals } from "./p06-refusals.ts";
import { checkTallies } from "./p06-tallies.ts";
import { checkConnections, checkDeadCode } from "./p07-dead.ts";
import { checkCaps } from "./p08-caps.ts";
import { checkIsolation } from "./p10-isolation.ts";
import { checkRaces } from "./p10-races.ts";
import { checkFinal } from "./p11-final.ts";
import { checkClocks } from "./p12-clocks.ts";
import { checkForbidden } from "./p13-forbidden.ts";
import { checkEffects } from "./p16-effects.ts";
import { checkCalls } from "./p17-calls.ts";

/**
 * When a property is judged: of `every` run (with faults, without timeouts, from states in flight, of a
 * patched contract too), `once` of the contract as it is, once of a `whole` undisturbed run in which nothing
 * was stuck, or once of a run without faults for the `order` of its messages.
 */
export type Occasion = "every" | "once" | "whole" | "order";

/** A property, or a part of one. */
export interface Property {
  readonly codes: readonly FindingCode[];
  readonly judged: Occasion;
  /**
   * Whether the verdict survives an exploration by stubborn sets (ADR 5); a property of the contract alone
   * always does.
   */
  readonly reduced: "same verdict" | "contract alone" | "not judged";
  readonly judge: (exploration: Exploration) => readonly Finding[];
}

/** The properties that one exploration shows, in the order in which they are judged. */
const allProperties: readonly Property[] = [
  { codes: ["P1", "P2"], judged: "every", reduced: "same verdict", judge: checkDeliveries },
  { codes: ["P3a"], judged: "every", reduced: "same verdict", judge: checkDeferred },
  { codes: ["P5"], judged: "every", reduced: "same verdict", judge: checkLocks },
  { codes: ["P4"], judged: "every", reduced: "same verdict", judge: checkRest },
  { codes: ["P6"], judged: "every", reduced: "same verdict", judge: checkTallies },
  { codes: ["P3b", "P3c"], judged: "every", reduced: "same verdict", judge: checkCycles },
  { codes: ["P8"], judged: "every", reduced: "same verdict", judge: checkCaps },
  { codes: ["P13"], judged: "every", reduced: "same verdict", judge: checkForbidden },
  { codes: ["P16"], judged: "every", reduced: "same verdict", judge: checkEffects },
  { codes: ["P4"], judged: "whole", reduced: "same verdict", judge: checkEndsReached },
  { codes: ["P7"], judged: "whole", reduced: "same verdict", judge: checkDeadCode },
  { codes: ["P7"], judged: "once", reduced: "contract alone", judge: checkConnections },
  { codes: ["P11"], judged: "once", reduced: "contract alone", judge: checkFinal },
  { codes: ["P6"], judged: "once", reduced: "contract alone", judge: checkRefusals },
  { codes: ["P6"], judged: "once", reduced: "contract alone", judge: checkExactUndo },
  { codes: ["P12"], judged: "once", reduced: "contract alone", judge: checkClocks },
  { codes: ["P17"], judged: "once", reduced: "same verdict", judge: checkCalls },
  { codes: ["P10"], judged: "order", reduced: "not judged", judge: checkRaces },
  { codes: ["P10"], judged: "order", reduced: "same verdict", judge: checkIsolation },
];

/**
 * Codes of which runs of their own are compared with the first, in `p09-p15-assumptions.ts` and
 * `p14-timeouts.ts`, and how these runs are explored. Faults are always explored plainly.
 */
const reruns: ReadonlyMap<FindingCode, string> = new Map([
  ["P9", "explored plainly"],
  ["P14", "same verdict"],
  ["P15", "explored plainly"],
]);

/** The codes of the properties, and those of runs of their own. */
export const judgedCodes: ReadonlySet<FindingCode> = new Set([
  ...allProperties.flatMap(({ codes }) => codes),
  ...reruns.keys(),
]);

/** The findings of all properties of an occasion, or of the first ones until there are enough. */
export function judgeAt(
  occasion: Occasion,
  exploration: Exploration,
  isEnough: IsEnough = () => false,
): Finding[] {
  const found: Finding[] = [];
  for (const { judged, judge } of allProperties)
    if (judged === occasion && !isEnough(found)) found.push(...judge(exploration));
  return found;
}

/** Where a code is judged, and whether its verdict holds under stubborn sets, for the index of findings. */
export function judgedHow(code: FindingCode): { readonly judged: string; readonly reduced: string } {
  const rerun = reruns.get(code);
  if (rerun !== undefined) return { judged: "runs of its own", reduced: rerun };
  const parts = allProperties.filter(({ codes }) => codes.includes(code));
  const listedOnce = (words: readonly string[]): string => [...new Set(words)].join("; ");
  return {
    judged: listedOnce(parts.map(({ judged }) => occasionTexts[judged])),
    reduced: listedOnce(parts.map(({ reduced }) => reduced)),
  };
}

const occasionTexts: Readonly<Record<Occasion, string>> = {
  every: "every run",
  once: "the contract as it is",
  whole: "a whole, undisturbed run",
  order: "a run without faults",
};
