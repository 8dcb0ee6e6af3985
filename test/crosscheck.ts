// `npm run crosscheck`: the checker's counts and verdicts beside SPIN's, on the reference choreographies and
// on random contracts.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toPromela } from "quadrille/check";
import { elsewhereCases, inTurn, randomCases, referenceCases } from "./crosscheck/cases.ts";
import { type Case, compare, type Comparison, optionsOf } from "./crosscheck/compare.ts";
import { describeDisagreement, resultTable, summarize } from "./crosscheck/report.ts";
import { ensureDebian } from "./debian.ts";

const helpText = `Usage: npm run crosscheck -- [options]

Compares the checker with SPIN: states, transitions, and the places where P1 and P2 break. The nine reference
choreographies with bag channels; random contracts with bag channels and with queues (fifo); and a third as many of them
take an event from another choreography.

  --contracts N   random contracts (default 300)
  --seed S        the first contract's seed; the others follow (default 1)
  --cap C         at most C messages in one channel (default 15, which random contracts do not reach)
  --json          print the results as JSON
  --help          print this

Exit code 0 where everything agrees, 1 where anything does not, 2 for wrong options or without SPIN and gcc.
A contract on which they differ is kept under .quadrille/crosscheck, with its model.
`;

const contractsDefault = 300;
const contractsMax = 100_000;
const seedMax = 2 ** 31;
const capDefault = 15;
const keptFolder = ".quadrille/crosscheck";
/** Comparisons for each line of progress. */
const progressEvery = 50;

interface Options {
  readonly contracts: number;
  readonly seed: number;
  readonly cap: number;
  readonly json: boolean;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === "number") return options;
  try {
    ensureDebian(["spin", "gcc"]);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const { cap } = options;
  const cases = [
    ...referenceCases(),
    ...randomCases(options.seed, options.contracts),
    ...elsewhereCases(options.seed, Math.ceil(options.contracts / 3)),
  ].map((one) => ({ ...one, cap }));
  const startedMs = performance.now();
  let done = 0;
  const results = await inTurn(cases, async (one) => {
    const result = await compare(one);
    if (!result.agrees) keep(one, result);
    if (++done % progressEvery === 0) process.stderr.write(`${done} of ${cases.length} compared\n`);
    return result;
  });
  const summary = summarize(results);
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const text = options.json
    ? JSON.stringify(
        { ...options, seconds, agrees: summary.agrees, summary: summary.groups, results },
        null,
        2,
      )
    : `${resultTable(results, summary)}\nRandom contracts: seeds ${options.seed} to ${options.seed + options.contracts - 1}, at most ${cap} messages in a channel. ${seconds} s.`;
  process.stdout.write(`${text}\n`);
  return summary.agrees ? 0 : 1;
}

/** The options, or the exit code of who asked for help or wrote something else. */
function readOptions(): Options | number {
  try {
    const { values } = parseArgs({
      options: {
        contracts: { type: "string", default: String(contractsDefault) },
        seed: { type: "string", default: "1" },
        cap: { type: "string", default: String(capDefault) },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(helpText);
      return 0;
    }
    const contracts = wholeNumber("--contracts", values.contracts, contractsMax);
    const seed = wholeNumber("--seed", values.seed, seedMax);
    const cap = wholeNumber("--cap", values.cap, capDefault);
    return { contracts, seed, cap: Math.max(1, cap), json: values.json };
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${helpText}`);
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new Error(`${option} takes a whole number from 0 to ${most}, not "${text}"`);
}

function refuse(message: string): number {
  process.stderr.write(`${message.trimEnd()}\n`);
  return 2;
}

/** Keeps the contract and its model, and says how to see it again. */
function keep(one: Case, result: Comparison): void {
  mkdirSync(keptFolder, { recursive: true });
  const base = join(keptFolder, `${result.name.replaceAll(" ", "-")}-${one.channel}`);
  writeFileSync(`${base}.json`, `${JSON.stringify(one.choreography, null, 2)}\n`);
  writeFileSync(`${base}.pml`, toPromela(one.choreography, optionsOf(one)));
  process.stderr.write(`${describeDisagreement(result)}\n  kept: ${base}.json and ${base}.pml\n`);
}

process.exitCode = await main();
