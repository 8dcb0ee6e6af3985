// Payloads and entity data are plain JSON values: checked, measured and frozen once, where they are made or
// read.

/** Why a value cannot be sent. */
export interface NotPlain {
  readonly path: string;
  readonly problem: string;
}

const depthMax = 32;

/**
 * Freezes a JSON value in depth and gives its weight: about its characters as JSON, and never less than a
 * sixth of its bytes. Values that JSON would change silently (dates, undefined in arrays, NaN, bigint,
 * cycles) are refused with their path: otherwise a message handed over in memory would differ from the same
 * message read after a restart.
 */
export function freezePlain(value: unknown, depth = 0): number | NotPlain {
  switch (typeof value) {
    case "string":
      return value.length + 2;
    case "boolean":
      return 8;
    case "number":
      return Number.isFinite(value) ? 8 : notPlain(`${value} is not a JSON number`);
    case "undefined":
      return 0;
    case "object":
      return isRecord(value) ? freezeRecord(value, depth) : 8;
    case "bigint":
    case "function":
    case "symbol":
      return notPlain(`a ${typeof value} is not JSON`);
  }
}

function freezeRecord(value: Readonly<Record<string, unknown>>, depth: number): number | NotPlain {
  if (depth > depthMax) return notPlain(`it is nested more than ${depthMax} deep`);
  const isArray = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isArray && prototype !== Object.prototype && prototype !== null) {
    const instead = value instanceof Date ? "; send its text, toISOString()" : "";
    return notPlain(`a ${nameOf(value)} is not a plain object${instead}`);
  }
  // One that is not listed among the keys would be called all the same, and may give anything, or throw.
  if (typeof value["toJSON"] === "function") return notPlain("JSON would ask its method toJSON instead");
  let weight = 2;
  const keys = Object.keys(value);
  if (isArray && keys.length !== value.length) return notPlain("a hole in an array is not JSON");
  for (const key of keys) {
    const inner = value[key];
    const hole = isArray && inner === undefined;
    const inside = hole ? notPlain("undefined in an array is not JSON") : freezePlain(inner, depth + 1);
    if (typeof inside !== "number")
      return { ...inside, path: inside.path === "" ? key : `${key}.${inside.path}` };
    weight += inside + key.length + 4;
  }
  Object.freeze(value);
  return weight;
}

/** The prototype of an object may be one without a constructor. */
function nameOf(value: { readonly constructor?: unknown }): string {
  return typeof value.constructor === "function" ? value.constructor.name : "value without a constructor";
}

function notPlain(problem: string): NotPlain {
  return { path: "", problem };
}

/**
 * Whether two values are alike as JSON. Ends at the first difference; a value compared with itself costs
 * nothing. It makes no lists of keys: with them it took twice as long.
 */
export function isSamePlain(a: unknown, b: unknown, depth = 0): boolean {
  if (Object.is(a, b)) return true;
  if (!isRecord(a) || !isRecord(b) || depth > depthMax) return false;
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b, depth);
  if (Array.isArray(b)) return false;
  let fields = 0;
  for (const key in a) {
    fields += 1;
    const mine = a[key];
    if (!isSamePlain(mine, b[key], depth + 1)) return false;
    if (mine === undefined && !Object.hasOwn(b, key)) return false;
  }
  for (const _ in b) fields -= 1;
  return fields === 0;
}

function isSameList(a: readonly unknown[], b: readonly unknown[], depth: number): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1)
    if (!isSamePlain(a[index], b[index], depth + 1)) return false;
  return true;
}

/**
 * The path of what a schema had to make, because the value has no such field or one of another type;
 * undefined where there is none. Fields that the schema drops, and values that it changes, do not matter.
 */
export function madeUp(value: unknown, made: unknown, depth = 0): string | undefined {
  if (made === undefined || Object.is(value, made) || depth > depthMax) return undefined;
  if (typeOf(value) !== typeOf(made)) return "";
  if (!isRecord(made) || !isRecord(value)) return undefined;
  for (const key of Object.keys(made)) {
    const inner = madeUp(Object.hasOwn(value, key) ? value[key] : undefined, made[key], depth + 1);
    if (inner !== undefined) return inner === "" ? key : `${key}.${inner}`;
  }
  return undefined;
}

/** JSON's types; an object of a class is none of them. */
function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (!isRecord(value)) return typeof value;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? "object" : nameOf(value);
}

/** Whether a value has fields: an object or an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/**
 * A copy of arrays and plain objects, which may be frozen without their owner's noticing; anything else as it
 * is.
 */
export function copyPlain(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > depthMax) return value;
  if (Array.isArray(value)) return value.map((inner: unknown) => copyPlain(inner, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return copyFields(value, depth);
}

/**
 * Field by field: `Object.fromEntries` took twice as long. A spread takes over `__proto__` as the field that
 * it is.
 */
function copyFields(value: object, depth: number): unknown {
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) {
    const inner = copy[key];
    if (isRecord(inner)) copy[key] = copyPlain(inner, depth + 1);
  }
  return copy;
}
