// The results of a cross-check as a table, as sums for each group, and a disagreement as something to
// reproduce.
import type { Comparison, Places, Verdict } from "./compare.ts";

/**
 * One line of the sums: all random contracts of one channel mode, with an event from elsewhere or without.
 */
export interface Group {
  readonly channel: string;
  readonly isFromElsewhere: boolean;
  readonly contracts: number;
  readonly states: number;
  readonly transitions: number;
  /** Contracts in which P1 breaks. */
  readonly withP1: number;
  readonly withP2: number;
  readonly disagreements: number;
}

/** Whether everything agrees, and the sums over the random contracts. */
export interface Summary {
  readonly agrees: boolean;
  readonly groups: readonly Group[];
}

/** Sums up the random contracts by channel mode, those with an event from elsewhere by themselves. */
export function summarize(results: readonly Comparison[]): Summary {
  const random = results.filter(({ seed }) => seed !== undefined);
  const kinds = Map.groupBy(
    random,
    ({ channel, isFromElsewhere = false }) => `${isFromElsewhere} ${channel}`,
  );
  const groups = Array.from(kinds.values(), (all) => {
    const sum = (count: (one: Comparison) => number): number =>
      all.reduce((total, one) => total + count(one), 0);
    const [{ channel, isFromElsewhere = false } = { channel: "" }] = all;
    return {
      channel,
      isFromElsewhere,
      contracts: all.length,
      states: sum(({ checker }) => checker.states),
      transitions: sum(({ checker }) => checker.transitions),
      withP1: sum(({ checker }) => Math.min(1, checker.P1.length)),
      withP2: sum(({ checker }) => Math.min(1, checker.P2.length)),
      disagreements: sum(({ agrees }) => (agrees ? 0 : 1)),
    };
  });
  return { agrees: results.every(({ agrees }) => agrees), groups };
}

/** The named choreographies one by one, the random ones summed up, and the verdict. */
export function resultTable(results: readonly Comparison[], { groups }: Summary): string {
  const named = results.filter(({ seed }) => seed === undefined);
  const head = ["contract", "channels", "states", "transitions", "P1", "P2", "SPIN"];
  const rows = named.map(({ name, channel, checker, agrees }) => [
    name,
    channel,
    ...[checker.states, checker.transitions, checker.P1.length, checker.P2.length].map(String),
    agrees ? "agrees" : "DIFFERS",
  ]);
  const sums = groups.map((group) => [
    `${group.contracts} ${group.isFromElsewhere ? "with an event from elsewhere" : "random contracts"}`,
    group.channel,
    ...[group.states, group.transitions, group.withP1, group.withP2].map(String),
    group.disagreements === 0 ? "agrees" : `DIFFERS on ${group.disagreements}`,
  ]);
  const disagreements = results.filter(({ agrees }) => !agrees).length;
  const verdict =
    disagreements === 0
      ? `The checker and SPIN agree on all ${results.length} comparisons.`
      : `The checker and SPIN disagree on ${disagreements} of ${results.length} comparisons.`;
  return `${aligned([head, ...rows, ...sums])}\n\nP1, P2: places of the contract that break it; of random contracts, how many have one.\n${verdict}`;
}

/** Numbers to the right, words to the left. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isWord = (column: number): boolean => column < 2 || column === widths.length - 1;
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isWord(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

/** Both verdicts, and the command that compares this contract alone. */
export function describeDisagreement(comparison: Comparison): string {
  const { name, seed, channel, cap, checker, spin, reduced } = comparison;
  const again = seed === undefined ? "--contracts 0" : `--contracts 1 --seed ${seed}`;
  return [
    `${name} (${channel}): the checker and SPIN disagree`,
    `  checker: ${verdictText(checker)}`,
    `  SPIN:    ${verdictText(spin)}`,
    ...(reduced === undefined ? [] : [`  reduced: ${placesText(reduced)}`]),
    `  again:   npm run crosscheck -- ${again}${cap === undefined ? "" : ` --cap ${cap}`}`,
  ].join("\n");
}

function verdictText(verdict: Verdict): string {
  return `${verdict.states} states, ${verdict.transitions} transitions, ${placesText(verdict)}`;
}

function placesText({ P1, P2 }: Places): string {
  const places = (found: readonly string[]): string => (found.length === 0 ? "nowhere" : found.join(", "));
  return `P1 ${places(P1)}, P2 ${places(P2)}`;
}
