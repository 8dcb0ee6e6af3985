// Which contract the data are of: with the first order it is chosen, and only one that knows all that the
// orders have come to may take its place.
import { type Database, isQuadrilleError } from "quadrille";
import { type ContractName, contractNames } from "../shared/contract-name.ts";
import { readNoted } from "../database/settings.ts";
import { sqlOf } from "../database/sql.ts";
import { UserError } from "../shared/user-error.ts";

/**
 * For each contract, those of whose data it may take over; the engine looks at what is under way. The careful
 * one is alone: it counts a consumer's open orders from the first one, and the others would leave its counts
 * behind.
 */
export const takesOver: Readonly<Record<ContractName, readonly ContractName[]>> = {
  life: ["life", "deadline"],
  deadline: ["life", "deadline"],
  careful: ["careful"],
};

/** The contract that ran here last. */
export async function contractIn(database: Database): Promise<ContractName> {
  const noted = await readNoted(sqlOf(database), "contract");
  return contractNames.find((name) => name === noted) ?? "life";
}

/**
 * The contract to run: the one that is asked for, or else the one that ran here last. Throws a
 * {@link UserError} where there are orders of one whose data it cannot take over.
 */
export async function contractFor(
  database: Database,
  wanted: ContractName | undefined,
): Promise<ContractName> {
  const known = await contractIn(database);
  if (wanted === undefined || takesOver[wanted].includes(known)) return wanted ?? known;
  if (!(await hasOrders(database))) return wanted;
  throw new UserError(
    `The data were made with --contract ${known}, and ${wanted} cannot go on with them: leave --contract out to go on with ${known}, or add --reset to start over with --contract ${wanted}.`,
    2,
  );
}

/** Whether orders were placed, by whichever contract. */
async function hasOrders(database: Database): Promise<boolean> {
  try {
    const orders = await database.inspect({ name: "Order" });
    return (await orders.entities({ limit: 1 })).length > 0;
  } catch (error) {
    if (isQuadrilleError(error) && error.code === "Q_SCHEMA_MISSING") return false;
    throw error;
  }
}
