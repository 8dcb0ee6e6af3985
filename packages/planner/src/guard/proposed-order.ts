// An order as proposed, read without trust: what is not of this shape is blocked.
import type { Finding } from "./finding.ts";
import { quoted } from "./finding.ts";

/** The parts of a proposal that are bought. Everything else that a planner writes is for reading only. */
export interface ProposedOrder {
  readonly supplier: string;
  readonly currency: string;
  readonly lines: readonly ProposedLine[];
}

/** One item to buy, in whole packs. */
export interface ProposedLine {
  readonly item: string;
  readonly unit: string;
  /** Units. */
  readonly quantity: number;
  /** Units in a pack and minor units of money for a pack, as the proposer understood the offer. */
  readonly pack: number;
  readonly packPrice: number;
}

/** More lines than any supplier's list has. */
const linesMax = 10_000;

/** The order, or why it is none. */
export function readOrder(value: unknown): ProposedOrder | Finding {
  const order = fields(value);
  const { supplier, currency, lines } = order;
  if (typeof supplier !== "string" || supplier === "") return malformed("supplier is no text");
  if (typeof currency !== "string") return malformed("currency is no text");
  if (!Array.isArray(lines) || lines.length === 0) return malformed("it has no lines");
  if (lines.length > linesMax) return malformed(`it has more than ${linesMax} lines`);
  const read: ProposedLine[] = [];
  const seen = new Set<string>();
  for (const entry of lines) {
    const line = readLine(entry);
    if (typeof line === "string") return malformed(line);
    if (seen.has(line.item)) return malformed(`it has ${quoted(line.item)} twice`);
    seen.add(line.item);
    read.push(line);
  }
  return { supplier, currency, lines: read };
}

function readLine(value: unknown): ProposedLine | string {
  const { item, unit, quantity, pack, packPrice } = fields(value);
  if (typeof item !== "string" || item === "") return "a line names no item";
  if (typeof unit !== "string") return `${quoted(item)} has no unit`;
  if (!isWhole(quantity) || quantity < 1) return `the quantity of ${quoted(item)} is no whole number above 0`;
  if (!isWhole(pack) || pack < 1) return `the pack of ${quoted(item)} is no whole number above 0`;
  if (!isWhole(packPrice) || packPrice < 0)
    return `the price of ${quoted(item)} is no whole number of 0 or more`;
  return { item, unit, quantity, pack, packPrice };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

function malformed(reason: string): Finding {
  return {
    guard: "shape",
    verdict: "block",
    number: 0,
    limit: 0,
    text: `the order can not be read: ${reason}`,
  };
}
