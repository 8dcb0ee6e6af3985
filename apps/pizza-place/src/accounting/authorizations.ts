// Reads authorizations back, for the audit.
import type { Entities } from "quadrille";
import { revisionOf } from "../shared/revision.ts";
import type { AuthorizationData } from "./contract.ts";

/** Those of the orders that have one: one without data was never asked for. */
export async function readAuthorizations(
  authorizations: Entities<string, AuthorizationData>,
  orderIds: readonly string[],
) {
  return [...(await authorizations.getAll(orderIds)).values()].flatMap(({ key: orderId, state, data }) =>
    data === undefined ? [] : [{ orderId, state, amount: data.amount, revision: revisionOf(data) }],
  );
}
