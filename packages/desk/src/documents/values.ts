// Looks into unknown values.

/** An object with any fields. */
export type Values = Readonly<Record<string, unknown>>;

/** Whether it is an object, and no list. */
export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; nothing where it is no list. */
export function rowsOf(value: unknown): readonly Values[] {
  return listOf(value).filter(isValues);
}

/** The items of a list; nothing where it is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What is at a path of field names; `undefined` where there is nothing. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((found, part) => {
    if (Array.isArray(found)) return listOf(found)[Number(part)];
    return isValues(found) ? found[String(part)] : undefined;
  }, value);
}

/** A text, number or flag as text; other values are empty. */
export function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
