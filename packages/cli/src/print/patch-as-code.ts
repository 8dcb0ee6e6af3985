// A patch in the words of its author: TypeScript where the contract is a module, JSON Patch where it is a
// JSON file.
import type { Finding } from "quadrille/check";
import { isRecord } from "quadrille/tooling";

type Operation = NonNullable<Finding["patch"]>["operations"][number];

/** How one operation of a patch is written. */
export type WriteOperation = (operation: Operation) => string;

/** The longest text of a value in a report. */
const valueCharsMax = 400;

/** As JSON Patch (RFC 6902). */
export function asJsonPatch({ op, path, value }: Operation): string {
  return `${op} ${path} ${shortened(JSON.stringify(value))}`;
}

/** As what stands in a module: `in Registry, OFF: ignore(Healthy)`. */
export function asCode(operation: Operation): string {
  const { path, value } = operation;
  const [, participant, state, event] =
    /^\/participants\/([^/]+)\/states\/([^/]+)\/on\/([^/]+)$/.exec(path) ?? [];
  if (path === "/publicEvents/-") return `add to publicEvents: ${String(value)}`;
  const sentence = event === undefined ? undefined : sentenceOf(unescaped(event), value);
  if (participant === undefined || state === undefined || sentence === undefined)
    return asJsonPatch(operation);
  // A partial state is none of its author's: what holds there stands beside the join.
  const [own = ""] = unescaped(state).split("+");
  return `in ${unescaped(participant)}, ${own}: ${shortened(sentence)}`;
}

function sentenceOf(event: string, value: unknown): string | undefined {
  if (typeof value === "string") return `${value}(${event})`;
  if (!Array.isArray(value)) return undefined;
  const outcomes = value.filter(isRecord);
  const [only, ...others] = outcomes;
  if (only === undefined) return undefined;
  if (others.length === 0 && only["choice"] === undefined) return `on(${event}, ${outcomeOf(only)})`;
  const named = outcomes.map((one) => `${String(one["choice"])}: ${outcomeOf(one)}`);
  return `on(${event}, { ${named.join(", ")} })`;
}

function outcomeOf({ to, emit, tally, rearm, saga }: Readonly<Record<string, unknown>>): string {
  const events = Array.isArray(emit) ? emit.map(String) : [];
  const changes = isRecord(tally) ? Object.entries(tally).map(([name, by]) => `${name}: ${String(by)}`) : [];
  return [
    `to(${JSON.stringify(to)})`,
    events.length === 0 ? "" : `.emits(${events.join(", ")})`,
    changes.length === 0 ? "" : `.tallies({ ${changes.join(", ")} })`,
    rearm === true ? ".rearms()" : "",
    saga === "own" ? ".ifOwn()" : "",
    saga === "other" ? ".ifOther()" : "",
  ].join("");
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

function shortened(text: string): string {
  return text.length <= valueCharsMax ? text : `${text.slice(0, valueCharsMax)}… (the whole with --json)`;
}
