// Whether one JSON Schema accepts every value that another one allows: yes with a proof, no with a value
// that is refused, and unknown for the rest.
import { accepts } from "./accepts.ts";
import { obstacleTo } from "./proof.ts";
import { hintsOf, samplesOf } from "./samples.ts";

/** `unknown` where the schemas use something that is not compared. */
export type SchemaFit =
  | { readonly fits: "yes" }
  | { readonly fits: "unknown" | "no"; readonly reason: string };

/** Compares what is written by one JSON Schema (draft-07) with what another one accepts. */
export function schemaFit(written: unknown, accepted: unknown): SchemaFit {
  const obstacle = obstacleTo(written, accepted);
  if (obstacle === undefined) return { fits: "yes" };
  for (const value of samplesOf(written, hintsOf(written, accepted))) {
    const { is, reason } = accepts(accepted, value);
    if (is === "no") return { fits: "no", reason };
  }
  return { fits: "unknown", reason: obstacle };
}
