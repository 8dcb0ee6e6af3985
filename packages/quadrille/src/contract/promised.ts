// Promises of code that has to answer at once: schemas, upcasters, handlers, deadlines from data.

/**
 * Whether it is a promise. No caller awaits it, so its rejection is handled here: unhandled, it would end the
 * process. What is not begun yet, such as a lazy query, stays so.
 */
export function isPromised(given: unknown): given is PromiseLike<unknown> {
  if (given instanceof Promise) given.catch(() => undefined);
  return typeof given === "object" && given !== null && "then" in given && typeof given.then === "function";
}
