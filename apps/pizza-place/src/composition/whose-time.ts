// Whose time the data go by: it is chosen with the first order, and stays.
import type { BusinessTime } from "quadrille";
import type { DataSetOrder } from "../data-set/orders.ts";
import { note, readNoted } from "../database/settings.ts";
import type { Sql } from "../database/sql.ts";
import { ordersTime } from "../replay/orders-time.ts";
import { UserError } from "../shared/user-error.ts";
import type { WhoseTime } from "../shared/whose-time.ts";

/** Which time is asked for, where one is. */
export interface WantedTime {
  readonly of: WhoseTime | undefined;
}

/**
 * The business time to run by; nothing for the machine's. Data from before there was a choice go by the
 * machine's. Throws a {@link UserError} where the data go by another time than the one that is asked for:
 * their deadlines would come years late, or all at once.
 */
export async function businessTimeOf(
  wanted: WantedTime | undefined,
  {
    sql,
    year,
    hasOrders,
  }: { readonly sql: Sql; readonly year: readonly DataSetOrder[]; readonly hasOrders: boolean },
): Promise<BusinessTime | undefined> {
  if (wanted === undefined) return undefined;
  const known = (await readNoted(sql, "time")) ?? (hasOrders ? "machine" : undefined);
  const time = wanted.of ?? known ?? "orders";
  if (known !== undefined && known !== time) {
    throw new UserError(
      `The data were made with --time ${known}: leave --time out to go on with them, or add --reset to start over with --time ${time}.`,
      2,
    );
  }
  await note(sql, "time", time);
  return time === "orders" ? ordersTime(year) : undefined;
}
