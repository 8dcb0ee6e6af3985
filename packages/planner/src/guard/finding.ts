// What a guardrail says: a verdict with its number and its limit.

/** `ask`: a person has to look at it. `block`: it is not bought. */
export type Verdict = "pass" | "ask" | "block";

/** Something that a guardrail found. */
export interface Finding {
  readonly guard: string;
  readonly verdict: "ask" | "block";
  /** The item; absent where it is about the whole order. */
  readonly item?: string;
  readonly number: number;
  readonly limit: number;
  /** One line: `cover 41 d > 30 d`. */
  readonly text: string;
}

/** A number against its limit, the numbers written the same way in all findings. */
export interface Measure {
  readonly name: string;
  readonly number: number;
  readonly limit: number;
  /** Written after the numbers, such as ` d`; `%` shows shares as per cent. */
  readonly unit?: string;
}

/** A finding where the number is above the limit; nothing where it is not. */
export function above(
  guard: string,
  measure: Measure,
  about: { readonly verdict: "ask" | "block"; readonly item?: string },
): readonly Finding[] {
  const { name, number, limit, unit = "" } = measure;
  // A comparison with NaN is false: what can not be measured is above every limit.
  if (number <= limit) return [];
  const text = `${name} ${shown(number, unit)} > ${shown(limit, unit)}`;
  return [{ guard, number, limit, text, ...about }];
}

function shown(value: number, unit: string): string {
  if (unit === "%") return `${round(value * 100)} %`;
  return `${round(value)}${unit}`;
}

function round(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  return String(Math.abs(value) >= 10 ? Math.round(value) : Math.round(value * 100) / 100);
}

/** A text of unknown origin, safe to show: quoted, short, without what a terminal would obey. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40)).replaceAll(/[^\u0020-\u007e]/g, "?");
}
