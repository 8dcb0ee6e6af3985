// Schemas with earlier versions: what an earlier version stored is read through upcasters.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { QuadrilleError, thrownText } from "../errors.ts";
import { assertSchema } from "./declaration.ts";
import { isPromised } from "./promised.ts";
import { kindOf } from "./reading.ts";
import type { Schema } from "./trigger.ts";

/** Converts a payload from one version to the next. Pure. */
export type Upcaster = (data: never) => unknown;

/** A schema with its history. Its version is the number of upcasters and one. */
export interface VersionedSchema<Data> extends Schema<Data> {
  readonly upcasters: readonly Upcaster[];
}

/**
 * A later version of a schema: `versioned(PaidV3, fromV1, fromV2)` is version 3. `fromV1` converts a payload
 * from version 1 to version 2, and so on. Stored data keep the version that wrote them, and are read through
 * the upcasters after it. Throws `Q_CONTRACT_MALFORMED` for what is no schema or no function.
 */
export function versioned<S extends StandardSchemaV1>(
  schema: S,
  ...upcasters: readonly [Upcaster, ...Upcaster[]]
): VersionedSchema<StandardSchemaV1.InferOutput<S>> {
  assertSchema("versioned(…)", schema);
  const stranger = upcasters.find((one) => typeof one !== "function");
  if (stranger !== undefined)
    throw new QuadrilleError(
      "Q_CONTRACT_MALFORMED",
      `versioned(…): an upcaster is a function, not ${kindOf(stranger)}.`,
    );
  const standard: Schema<StandardSchemaV1.InferOutput<S>>["~standard"] = schema["~standard"];
  return Object.freeze({ "~standard": standard, upcasters: Object.freeze(upcasters) });
}

/** The version that a schema writes: 1 unless it has a history. */
export function versionOf(schema: Schema<unknown> | undefined): number {
  return upcastersOf(schema).length + 1;
}

/** Stored data, and what to call them in messages. */
export interface Stored {
  readonly what: string;
  readonly data: unknown;
  /** The version that wrote them; 1 when absent. */
  readonly version?: number | undefined;
}

/**
 * The data as the present version has them. Throws `Q_VERSION_NEWER`, or `Q_PAYLOAD_INVALID` where an
 * upcaster throws.
 */
export function upcast(schema: Schema<unknown> | undefined, { what, data, version = 1 }: Stored): unknown {
  const upcasters = upcastersOf(schema);
  if (version === upcasters.length + 1) return data;
  if (version > upcasters.length + 1) {
    const message = `${what} is of version ${version}, and the contract in this process has version ${upcasters.length + 1}.`;
    throw new QuadrilleError("Q_VERSION_NEWER", message);
  }
  try {
    return upcasters.slice(version - 1).reduce(upcastOnce, data);
  } catch (cause) {
    const reason = thrownText(cause);
    const message = `${what} of version ${version} could not be brought to version ${upcasters.length + 1}: ${reason}.`;
    throw new QuadrilleError("Q_PAYLOAD_INVALID", message, { cause });
  }
}

function upcastOnce(data: unknown, next: Upcaster): unknown {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each upcaster is declared for the version before it
  const made = next(data as never);
  if (isPromised(made)) throw new Error("an upcaster gave a promise");
  return made;
}

function upcastersOf(schema: Schema<unknown> | undefined): readonly Upcaster[] {
  return (schema as Partial<VersionedSchema<unknown>> | undefined)?.upcasters ?? [];
}
