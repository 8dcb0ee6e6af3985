// Applies a patch to a choreography: the operations `add` and `replace` of JSON Patch (RFC 6902). What a
// patch does not change is shared with the original.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { fromJson } from "../../contract/json/from-json.ts";
import { parseChoreography } from "../../contract/json/parse-json.ts";
import { pointerKeys } from "../../contract/pointer.ts";
import { isRecord } from "../../contract/reading.ts";
import { wellFormedIn } from "../../contract/rules/well-formed.ts";
import type { Patch } from "../model/finding.ts";

/** The patched choreography; undefined where the patch does not fit, or what it leaves is not well-formed. */
export function applyPatch(
  choreography: ChoreographyJson,
  patch: Pick<Patch, "operations">,
): ChoreographyJson | undefined {
  const parsed = parseChoreography(changed(choreography, patch));
  return parsed.ok ? parsed.choreography : undefined;
}

/**
 * The choreography as one of the checker's own patches leaves it, before it is judged: to judge it costs more
 * than to explore it, and of many patches few are suggested.
 */
export function tryPatch(
  choreography: ChoreographyJson,
  patch: Pick<Patch, "operations">,
): ChoreographyJson | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- patch-candidates.ts adds what has the form
  return changed(choreography, patch) as ChoreographyJson | undefined;
}

/**
 * Whether what one of the checker's own patches leaves is well-formed, where the original is. Of the
 * participants only those that it changes are judged.
 */
export function fits(choreography: ChoreographyJson, patch: Pick<Patch, "operations">): boolean {
  const patched = tryPatch(choreography, patch);
  if (patched === undefined) return false;
  const values = fromJson(patched);
  const isChanged = (name: string): boolean => patched.participants[name] !== choreography.participants[name];
  const judged = values.participants.filter(({ name }) => isChanged(name));
  return wellFormedIn(values, judged).every(({ severity }) => severity !== "error");
}

function changed(choreography: unknown, { operations }: Pick<Patch, "operations">): unknown {
  return operations.reduce((one, { path, value }) => withValue(one, pointerKeys(path), value), choreography);
}

/** A copy with a value at a place; undefined where there is no such place. */
function withValue(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return undefined;
  if (Array.isArray(target)) {
    const index = key === "-" ? target.length : Number(key);
    const below = rest.length === 0 ? value : withValue(target[index], rest, value);
    return below === undefined ? undefined : target.toSpliced(index, 1, below);
  }
  if (!isRecord(target)) return undefined;
  // A state without any reaction to events has no "on" yet.
  const own: unknown = Object.hasOwn(target, key) ? target[key] : {};
  const below = rest.length === 0 ? value : withValue(own, rest, value);
  if (below === undefined) return undefined;
  // As a map: the order of names stays, and even "__proto__" is a name like any other.
  return Object.fromEntries(new Map(Object.entries(target)).set(key, below));
}
