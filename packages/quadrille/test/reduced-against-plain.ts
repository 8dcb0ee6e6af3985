// Compares an exploration by stubborn sets with the plain one, in everything that ADR 5 claims to be the
// same.
import type { CheckOptions } from "../src/check/model/bound.ts";
import { check, type Report } from "../src/check/check.ts";
import { explore, type Exploration } from "../src/check/explore/explore.ts";
import { inOrder, listAll } from "../src/check/explore/program.ts";
import type { Finding } from "../src/check/model/finding.ts";
import { stateFlag } from "../src/check/explore/space.ts";
import { pendingIn, valueOf } from "../src/check/explore/view.ts";
import type { ChoreographyJson } from "../src/contract/json-form.ts";

/** How an exploration by stubborn sets differs from the plain one. */
export interface Comparison {
  /** In words; empty where they agree. */
  readonly differences: readonly string[];
  /** False where stubborn sets could not be used, and there is nothing to compare. */
  readonly isReduced: boolean;
  readonly codes: readonly string[];
  readonly plainStates: number;
  readonly reducedStates: number;
}

/** Explores and judges both ways. */
export function compareReduction(choreography: ChoreographyJson, options: CheckOptions): Comparison {
  const quick: CheckOptions = { ...options, patches: false };
  const [plainly, reducing] = [
    { ...quick, reduce: "never" },
    { ...quick, reduce: "always" },
  ] as const;
  const [plain, reduced] = [explore(choreography, plainly), explore(choreography, reducing)];
  const [expected, found] = [check(choreography, plainly), check(choreography, reducing)];
  const codes = [...new Set(expected.findings.map(({ code }) => code))];
  return {
    differences: reduced.isReduced
      ? [
          ...(plain.limit === reduced.limit ? [] : [`limit ${plain.limit} / ${reduced.limit}`]),
          ...(plain.exhausted && reduced.exhausted
            ? [...differingSpaces(plain, reduced), ...differingReports(expected, found)]
            : []),
        ]
      : [],
    isReduced: reduced.isReduced,
    codes,
    plainStates: plain.space.states,
    reducedStates: reduced.space.states,
  };
}

function differingSpaces(plain: Exploration, reduced: Exploration): string[] {
  return [
    ...differing("rest", statesOfRest(plain), statesOfRest(reduced)),
    ...differing("step", stepsSeen(plain), stepsSeen(reduced)),
  ];
}

/** By name and not as packed: widths may differ. */
function statesOfRest(exploration: Exploration): Set<string> {
  const { space, program } = exploration;
  const rest = new Set<string>();
  for (let state = 0; state < space.states; state++) {
    if (space.flags[state] !== stateFlag.quiescent) continue;
    const fields = [...program.layout.fields.values()].map((field) => [
      field.key,
      valueOf(exploration, state, field),
    ]);
    const pending = pendingIn(exploration, state).map(({ event, saga, to }) => [event, saga, to.name]);
    rest.add(JSON.stringify([fields, pending]));
  }
  return rest;
}

/** Every step that is ever enabled, taken or not, with its position among all steps of the contract. */
function stepsSeen({ program, space }: Exploration): Set<string> {
  listAll(program);
  return new Set(
    inOrder(program).flatMap((index, position) => {
      const step = program.steps[index];
      if (step === undefined || (space.firstUse[index] ?? -1) < 0) return [];
      const { instance, kind, from, trigger, outcome, fact } = step;
      const name = `${kind} ${instance.name} ${instance.states[from]} ${trigger} ${outcome?.choice ?? ""}`;
      // Facts commute: by how many were seen before one is not kept.
      return [fact?.isOfAll === true ? `fact ${name}` : `${position} ${name}`];
    }),
  );
}

function differingReports(expected: Report, found: Report): string[] {
  return [
    ...differing("finding", verdictOf(expected), verdictOf(found)),
    ...differing(
      "end",
      expected.ends.map((end) => JSON.stringify(end)),
      found.ends.map((end) => JSON.stringify(end)),
    ),
  ];
}

/**
 * What a report says, without what may be said of another one of several: which cycle, which step below zero,
 * which accesses.
 */
function verdictOf({ findings }: Report): Set<string> {
  return new Set(findings.flatMap((one) => (isJudged(one) ? [nameOf(one)] : [])));
}

/**
 * Races between the ends of one saga are not judged; that too many choices were there to be judged is no
 * verdict. Of P3c the place of one state is named that cannot come to rest, so that what P14 repeats of it
 * may be new or known by chance.
 */
function isJudged({ code, at, message }: Finding): boolean {
  if (code === "P14" && message.endsWith("(P3c)")) return false;
  return code !== "P10" || (at !== "/ends" && at !== "");
}

function nameOf({ code, severity, at, message }: Finding): string {
  const below = /would bring (\S+) below zero$/.exec(message)?.[1];
  if (below !== undefined) return `${code} ${below} below zero`;
  if (code === "P3b" || code === "P3c") return code;
  if (code === "P10") return `${code} ${message.split(":")[0]}`;
  return `${code} ${severity} ${at}`;
}

function differing(what: string, expected: Iterable<string>, found: Iterable<string>): string[] {
  const [wanted, got] = [new Set(expected), new Set(found)];
  return [
    ...[...wanted].filter((one) => !got.has(one)).map((one) => `missing ${what} ${one}`),
    ...[...got].filter((one) => !wanted.has(one)).map((one) => `unfounded ${what} ${one}`),
  ];
}
