// Reads authorizations back, for the audit.
import { revisionOf } from "../order/revision.ts";
import { AuthorizationData } from "./contract.ts";

/** What is needed of Accounting's store. */
interface Entities {
  load(
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly key: string; readonly state: string; readonly data: unknown }>>;
}

/** Those of the orders that have one: one without data was never asked for. */
export async function readAuthorizations(store: Entities, orderIds: readonly string[]) {
  return [...(await store.load(orderIds)).values()].flatMap(({ key: orderId, state, data }) => {
    const read = AuthorizationData.safeParse(data);
    return read.success
      ? [{ orderId, state, amount: read.data.amount, revision: revisionOf(read.data) }]
      : [];
  });
}
