// The revision number is data: a participant with one revision of an order does not take a message about
// another.

/** The number of revisions; absent for none. */
interface Revised {
  readonly revision?: number | undefined;
}

/** How often it was revised. */
export function revisionOf({ revision = 0 }: Revised): number {
  return revision;
}

/** Throws where a message is about another revision: it becomes a dead letter, and changes nothing. */
export function expectRevision(
  expected: number,
  message: { readonly orderId: string; readonly revision: number },
): void {
  if (message.revision === expected) return;
  throw new Error(
    `A message about revision ${message.revision} of order ${message.orderId} came where revision ${expected} is due`,
  );
}
