// The checker's workloads: a whole check as an editor runs it on every save, a product of sagas, the command
// from a cold start.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { check, explore, parseChoreography } from "quadrille/check";
import { percentiles } from "./percentiles.ts";

/** One measured thing; times are medians. */
export interface CheckerResult {
  readonly name: string;
  readonly states: number;
  readonly transitions: number;
  readonly ms: number;
  /** Where states are what is counted. */
  readonly statesPerSecond: number | undefined;
}

const root = new URL("../../", import.meta.url);

/** Runs the checker's workloads, each until its median is steady enough. */
export function runChecker(): readonly CheckerResult[] {
  const lifecycle = reference("order-lifecycle");
  const withDeadline = reference("order-lifecycle-with-deadline");
  return [
    timed("order-lifecycle, whole check, warm", { warmUp: 30, runs: 100 }, () => check(lifecycle)),
    timed("with deadline, whole check, warm", { warmUp: 15, runs: 50 }, () => check(withDeadline)),
    rated(
      timed("with deadline, two sagas explored", { warmUp: 5, runs: 15 }, () => {
        const { space } = explore(withDeadline, { sagas: 2 });
        return { states: space.states, transitions: space.transitions };
      }),
    ),
    rated(
      timed("with deadline, three sagas reduced", { warmUp: 2, runs: 7 }, () => {
        // 289 ** 3 states without: 24 million, about a minute.
        const { space } = explore(withDeadline, { sagas: 3, reduce: "always" });
        return { states: space.states, transitions: space.transitions };
      }),
    ),
    timed("with deadline, four sagas, whole check", { warmUp: 0, runs: 3 }, () =>
      check(withDeadline, { sagas: 4 }),
    ),
    timed("quadrille check, command from cold", { warmUp: 1, runs: 5 }, coldCommand),
  ];
}

type Choreography = Parameters<typeof check>[0];
type Size = Pick<CheckerResult, "states" | "transitions">;

function reference(name: string): Choreography {
  const file = new URL(`packages/quadrille/test/choreographies/${name}.json`, root);
  const parsed = parseChoreography(JSON.parse(readFileSync(file, "utf8")));
  if (!parsed.ok) throw new Error(`${name} is malformed`);
  return parsed.choreography;
}

function timed(
  name: string,
  times: { readonly warmUp: number; readonly runs: number },
  run: () => Size,
): CheckerResult {
  for (let index = 0; index < times.warmUp; index += 1) run();
  const measured: number[] = [];
  let size: Size = { states: 0, transitions: 0 };
  for (let index = 0; index < times.runs; index += 1) {
    const before = performance.now();
    size = run();
    measured.push(performance.now() - before);
  }
  const { states, transitions } = size;
  return { name, states, transitions, ms: percentiles(measured).p50, statesPerSecond: undefined };
}

function rated(result: CheckerResult): CheckerResult {
  return { ...result, statesPerSecond: (result.states / result.ms) * 1_000 };
}

/** The command as a shell runs it, without npm around it. */
function coldCommand(): Size {
  const printed = execFileSync(
    process.execPath,
    [
      "--conditions=quadrille-source",
      fileURLToPath(new URL("packages/cli/src/main.ts", root)),
      "check",
      fileURLToPath(new URL("packages/quadrille/test/choreographies/order-lifecycle.json", root)),
      "--json",
    ],
    { encoding: "utf8" },
  );
  return sizeOf(JSON.parse(printed));
}

function sizeOf(report: unknown): Size {
  if (typeof report === "object" && report !== null && "states" in report && "transitions" in report) {
    return { states: Number(report.states), transitions: Number(report.transitions) };
  }
  throw new Error("quadrille check printed no report");
}
