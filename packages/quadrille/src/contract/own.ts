// Reads records whose keys are names that authors chose.

/** The value of an own key: a participant may be called `constructor` or `__proto__`. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
