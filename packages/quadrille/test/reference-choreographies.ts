// The reference choreographies, read for tests; see docs and semantics for what each must show.
import { readFileSync } from "node:fs";
import type { CheckOptions } from "../src/check/model/bound.ts";
import type { ChoreographyJson } from "../src/contract/json-form.ts";
import { parseChoreography } from "../src/contract/json/parse-json.ts";

/** The files, with their states and transitions {@link asPublished}, of one saga; SPIN counts the same. */
export const referenceCounts: Readonly<Record<string, readonly [states: number, transitions: number]>> = {
  "create-order-1-as-published": [25, 37],
  "create-order-2-failure-events": [40, 76],
  "create-order-3-order-listens": [58, 117],
  "create-order-4-compensated": [114, 244],
  "create-order-5-tombstones": [114, 269],
  "create-order": [115, 265],
  "order-lifecycle": [161, 341],
  "order-lifecycle-with-deadline": [289, 810],
  "deadline-breaks-the-published-rule": [316, 871],
};

/** How the published table was made: messages in any order, which is more than the engine lets them do. */
export const asPublished: CheckOptions = { channel: "bag" };

/** Reads one reference choreography as raw JSON. */
export function referenceJson(name: string): unknown {
  const file = new URL(`./choreographies/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Reads one reference choreography. */
export function reference(name: string): ChoreographyJson {
  const parsed = parseChoreography(referenceJson(name));
  if (!parsed.ok) throw new Error(`${name}: ${parsed.problems[0]?.message}`);
  return parsed.choreography;
}
