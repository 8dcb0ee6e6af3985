// The effect of a new version on stored payloads: compared by JSON Schema, unknown if they cannot be
// compared.
import { storedFit } from "quadrille/check";
import type { Choreography, Schema } from "quadrille";
import { usesOf, versionOf } from "quadrille/tooling";

/** Whether the new version can read stored payloads of an event, or an entity's stored data. */
export interface PayloadChange {
  /** `Paid`, or `data of Till`. */
  readonly what: string;
  readonly fits: "yes" | "no" | "unknown";
  readonly reason: string;
}

/** Everything that both versions have. Contracts without schemas, such as JSON forms, are one unknown. */
export function payloadChanges(
  running: readonly Choreography[],
  next: Choreography | undefined,
): readonly PayloadChange[] {
  if (next === undefined || running.length === 0) {
    const reason = "a contract in JSON has no schemas; name the module that exports the choreography";
    return [{ what: "payloads", fits: "unknown", reason }];
  }
  const before = new Map(running.flatMap(schemasOf));
  return schemasOf(next).flatMap(([what, schema]) =>
    before.has(what) ? [changeOf(what, before.get(what), schema)] : [],
  );
}

type Named = readonly [what: string, schema: Schema<unknown> | undefined];

/** Events and entity data; of two uses of an event the first, since an event has one schema (W12). */
function schemasOf({ participants }: Choreography): readonly Named[] {
  const events = participants
    .flatMap(usesOf)
    .flatMap(({ trigger }): readonly Named[] =>
      trigger.kind === "event" ? [[trigger.name, trigger.schema]] : [],
    );
  const data = participants.map(({ name, data: schema }): Named => [`data of ${name}`, schema]);
  return [...new Map([...events, ...data])];
}

function changeOf(
  what: string,
  before: Schema<unknown> | undefined,
  after: Schema<unknown> | undefined,
): PayloadChange {
  const [was, is] = [versionOf(before), versionOf(after)];
  if (is > was) return { what, fits: "yes", reason: `version ${was} goes through an upcaster` };
  if (is < was) return { what, fits: "no", reason: `version ${was} is stored, and this is version ${is}` };
  if (after === undefined) return { what, fits: "yes", reason: "it has no schema" };
  const fit = storedFit(before, after);
  return { what, fits: fit.fits, reason: fit.fits === "yes" ? "the schemas agree" : fit.reason };
}
