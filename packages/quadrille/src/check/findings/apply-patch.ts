// Applies a patch to a choreography: the operations `add` and `replace` of JSON Patch (RFC 6902), on a copy.
import type { ChoreographyJson } from "../../contract/json-form.ts";
import { parseChoreography } from "../../contract/json/parse-json.ts";
import { pointerKeys } from "../../contract/pointer.ts";
import { isRecord } from "../../contract/reading.ts";
import type { Patch } from "../model/finding.ts";

/** The patched choreography; undefined where the patch does not fit. */
export function applyPatch(
  choreography: ChoreographyJson,
  patch: Pick<Patch, "operations">,
): ChoreographyJson | undefined {
  const copy: unknown = structuredClone(choreography);
  for (const { path, value } of patch.operations) {
    const keys = pointerKeys(path);
    if (!set(copy, keys, value)) return undefined;
  }
  const parsed = parseChoreography(copy);
  return parsed.ok ? parsed.choreography : undefined;
}

function set(target: unknown, [key, ...rest]: readonly string[], value: unknown): boolean {
  if (key === undefined) return false;
  if (Array.isArray(target)) return setInList(target, [key, ...rest], value);
  if (!isRecord(target)) return false;
  if (rest.length === 0) {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    return true;
  }
  // A state without any reaction to events has no "on" yet.
  if (!Object.hasOwn(target, key))
    Object.defineProperty(target, key, { value: {}, writable: true, enumerable: true, configurable: true });
  return set(target[key], rest, value);
}

function setInList(target: unknown[], [key, ...rest]: readonly string[], value: unknown): boolean {
  if (rest.length > 0) return set(target[Number(key)], rest, value);
  if (key === "-") target.push(value);
  else target[Number(key)] = value;
  return true;
}
