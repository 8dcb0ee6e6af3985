// Breaks a value in a few places, by a seed: a part is taken out, gets another name, or is replaced by
// something else, or by another part.
import { mulberry32 } from "../src/ambient/virtual.ts";

/** A copy of a value with one to three of its parts broken. */
export function broken(value: unknown, seed: number): unknown {
  const next = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  const copy = thawed(value);
  const breaks = 1 + Math.floor(next() * 3);
  for (let done = 0; done < breaks; done++) {
    const parts = partsOf(copy);
    const { holder, key } = pick(parts) ?? { holder: {}, key: "" };
    const other = pick(parts);
    const part = holder[key];
    const how = pick(["out", "renamed", "junk", "moved"] as const);
    if (how === "out" || how === "renamed") takeOut(holder, key);
    if (how === "renamed") holder[pick(oddNames) ?? ""] = part;
    if (how === "junk") holder[key] = thawed(pick(junkValues));
    if (how === "moved" && other !== undefined) holder[key] = thawed(other.holder[other.key]);
  }
  return copy;
}

function takeOut(holder: Part["holder"], key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

const oddNames = ["x", "", "a/b", "A+B", "constructor", "toString", "gave up", "0"];
const junkValues = [
  null,
  7,
  -1,
  1e9,
  0.5,
  true,
  "",
  "x",
  "never",
  "a/b",
  "A+B",
  [],
  {},
  ["x"],
  [{}],
  [null],
  { to: "x" },
];

interface Part {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function partsOf(value: unknown): readonly Part[] {
  if (!isHolder(value)) return [];
  return Object.keys(value).flatMap((key) => [{ holder: value, key }, ...partsOf(value[key])]);
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A copy that can be changed; functions stay. */
function thawed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(thawed);
  if (!isHolder(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, thawed(part)]));
}
