// Payloads against their schemas: parsed once, where they enter, and only validated afterwards.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { isPromised } from "../../contract/promised.ts";
import type { Schema } from "../../contract/trigger.ts";
import { type Stored, upcast, versionOf } from "../../contract/versioned.ts";
import { QuadrilleError, thrownText } from "../../errors.ts";
import type { EntityRecord } from "../../store/records.ts";
import { freezePlain, isRecord, isSamePlain, madeUp, type NotPlain } from "./plain.ts";

/** A payload, and what to call it in messages. */
export interface Payload {
  /** `OrderCreated`, `createOrder`, or `data of Order`. */
  readonly what: string;
  readonly data: unknown;
}

/** A payload that has entered, frozen. */
export interface Entered {
  readonly data: unknown;
  /** About its characters as JSON. */
  readonly weight: number;
}

/** A control character has one character and six bytes: \u001f. */
const bytesPerCharacterMax = 6;

/** Checks payloads of an engine. */
export class PayloadChecker {
  readonly #bytesMax: number;
  /** Frozen, and refused for their size. */
  readonly #tooLarge = new WeakSet();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * Parses a payload that enters: a command that is sent, an event that a handler emits, an activity's
   * result, data that a handler gives. Gives what the schema makes of it, frozen. Throws `Q_PAYLOAD_INVALID`
   * naming each field and what was expected, also where the schema would not accept its own result: such a
   * payload could not be read again. Throws `Q_PAYLOAD_TOO_LARGE`.
   */
  enter(schema: Schema<unknown> | undefined, { what, data }: Payload): Entered {
    const value = schema === undefined ? data : parsed(schema, { what, data });
    return { data: value, weight: this.#freeze(what, value) };
  }

  /**
   * Validates a payload that has entered before, in this process or another; one of an earlier version goes
   * through the schema's upcasters first. Gives it as it is then, frozen, and never what the schema makes of
   * it: where handlers are promised what only the schema would make, such as a default, it was stored for
   * another schema. Throws as {@link enter}, also for that, and `Q_VERSION_NEWER`.
   */
  accept(schema: Schema<unknown> | undefined, { what, data: stored, version }: Stored): unknown {
    const data = upcast(schema, { what, data: stored, version });
    if (schema !== undefined) refuseMadeUp(what, data, validate(schema, what, data));
    this.#freeze(what, data);
    return data;
  }

  /**
   * The entity with its data as the contract has them now: stored data are {@link accept}ed once. Stores give
   * data that are not frozen; those that have passed their schema in this process are. (A set of those cost
   * as much as a lookup each time, and time of the garbage collector.)
   */
  held(schema: Schema<unknown> | undefined, what: string, entity: EntityRecord): EntityRecord {
    const { data: stored, dataVersion } = entity;
    if (stored === undefined || this.#hasPassed(stored)) return entity;
    const data = this.accept(schema, { what, data: stored, version: dataVersion });
    return data === stored ? entity : { ...entity, data, ...writtenBy(schema) };
  }

  /**
   * The facts that an entity's join has collected, as the contract has their payloads now: stored ones are
   * {@link accept}ed. Throws as {@link accept}, and names the fact.
   */
  facts(
    schemaOf: (event: string) => Schema<unknown> | undefined,
    { facts = {}, factVersions = {}, key }: EntityRecord,
  ): Readonly<Record<string, unknown>> {
    const read = Object.entries(facts).map(([event, data]): readonly [string, unknown] => {
      if (this.#hasPassed(data)) return [event, data];
      const version = Object.hasOwn(factVersions, event) ? factVersions[event] : undefined;
      return [event, this.accept(schemaOf(event), { what: `${event}, a fact of ${key}`, data, version })];
    });
    return Object.fromEntries<unknown>(read);
  }

  #hasPassed(data: unknown): boolean {
    return isRecord(data) && Object.isFrozen(data) && !this.#tooLarge.has(data);
  }

  /** Gives its weight. */
  #freeze(what: string, value: unknown): number {
    const weight = frozen(value);
    if (typeof weight !== "number") {
      const where = weight.path === "" ? "the payload" : weight.path;
      throw new QuadrilleError("Q_PAYLOAD_INVALID", `${what}: ${where}: ${weight.problem}.`);
    }
    // It seldom has so many bytes; only where it may is it worth the exact count.
    if (
      weight * bytesPerCharacterMax > this.#bytesMax &&
      Buffer.byteLength(JSON.stringify(value)) > this.#bytesMax
    ) {
      if (isRecord(value)) this.#tooLarge.add(value);
      const message = `${what} is larger than ${this.#bytesMax} bytes; pass a reference instead.`;
      throw new QuadrilleError("Q_PAYLOAD_TOO_LARGE", message);
    }
    return weight;
  }
}

/** The version that a schema writes, where it is not the first. */
export function writtenBy(schema: Schema<unknown> | undefined): { readonly dataVersion?: number } {
  const version = versionOf(schema);
  return version === 1 ? {} : { dataVersion: version };
}

/** A getter may throw, or the trap of a proxy. */
function frozen(value: unknown): number | NotPlain {
  try {
    return freezePlain(value);
  } catch (error) {
    return { path: "", problem: `it cannot be read: ${thrownText(error)}` };
  }
}

function parsed(schema: Schema<unknown>, { what, data }: Payload): unknown {
  const value = validate(schema, what, data);
  if (!isSamePlain(data, value)) {
    validate(schema, `${what}: the schema does not accept what it made of the payload`, value);
  }
  return value;
}

function refuseMadeUp(what: string, data: unknown, made: unknown): void {
  const path = madeUp(data, made);
  if (path === undefined) return;
  const where = path === "" ? "the payload" : path;
  throw new QuadrilleError(
    "Q_PAYLOAD_INVALID",
    `${what}: ${where} was not stored as its schema makes it: defaults and transforms are for what enters. Give the schema a version, with an upcaster.`,
  );
}

/** Gives what the schema makes of the data. */
function validate(schema: Schema<unknown>, what: string, data: unknown): unknown {
  const result = answerOf(schema, what, data);
  if (result.issues !== undefined) {
    const issues = result.issues.map((issue) => `${pathOf(issue.path)}${issue.message}`);
    throw new QuadrilleError("Q_PAYLOAD_INVALID", `${what}: ${issues.join("; ")}.`, { cause: result.issues });
  }
  return result.value;
}

/** Code of a schema, such as a refinement, may throw; Zod makes a promise that rejects of that. */
function answerOf(schema: Schema<unknown>, what: string, data: unknown): StandardSchemaV1.Result<unknown> {
  let problem = "answered with a promise: it is asynchronous, or its code threw an error";
  let cause: unknown;
  try {
    const result = schema["~standard"].validate(data);
    if (!isPromised(result)) return result;
  } catch (thrown) {
    problem = `threw an error: ${thrownText(thrown)}`;
    cause = thrown;
  }
  const message = `${what}: its schema ${problem}. A schema of a contract has to accept or refuse, at once.`;
  throw new QuadrilleError("Q_PAYLOAD_INVALID", message, { cause });
}

function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): string {
  if (path === undefined || path.length === 0) return "";
  return `${path.map((part) => String(typeof part === "object" ? part.key : part)).join(".")}: `;
}
