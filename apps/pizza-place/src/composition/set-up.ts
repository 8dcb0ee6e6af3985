// Makes the services' own tables and fills them once: menu, consumers, kitchen's rules, cards.
import { accountingMigrations, addCards } from "../accounting/tables.ts";
import { addAccounts, consumerMigrations } from "../consumer/tables.ts";
import { readMenu } from "../data-set/menu.ts";
import type { DataSetOrder } from "../data-set/orders.ts";
import { makeCards, makeConsumers, makeKitchenRules, makeProviderCards } from "../data-set/rule.ts";
import { addRules, kitchenMigrations } from "../kitchen/tables.ts";
import { addMenuItems, orderMigrations } from "../order/tables.ts";
import { addProviderCards, providerMigrations } from "../payment-provider/ledger.ts";
import { UserError } from "../shared/user-error.ts";
import { migrate } from "../database/migrate.ts";
import { readSeed, settingMigrations, writeSeed } from "../database/settings.ts";
import type { Sql } from "../database/sql.ts";

/** The seed of a new data folder or database, unless another is asked for. */
const defaultSeed = 1;

const allMigrations = [
  settingMigrations,
  orderMigrations,
  consumerMigrations,
  kitchenMigrations,
  accountingMigrations,
  providerMigrations,
];

/** The schemas of the services and of the provider. */
export const schemas: readonly string[] = allMigrations.map(({ schema }) => schema);

/**
 * Makes and fills missing tables and returns the seed they were filled with. Refuses another seed, because
 * orders and consumers would no longer match.
 */
export async function setUp(
  sql: Sql,
  orders: readonly DataSetOrder[],
  wantedSeed: number | undefined,
): Promise<number> {
  for (const migrations of allMigrations) await migrate(sql, migrations);
  if ((await readSeed(sql)) === undefined) await fill(sql, orders, wantedSeed ?? defaultSeed);
  // Read again: another program may have begun with the same empty database.
  const known = await readSeed(sql);
  if (known === undefined) throw new Error("The seed was written and cannot be read");
  if (wantedSeed !== undefined && wantedSeed !== known) {
    throw new UserError(
      `The data were made with --seed ${known}: leave --seed out to go on with them, or add --reset to start over with --seed ${wantedSeed}.`,
      2,
    );
  }
  return known;
}

// The seed is written last: after a crash in between, the next start fills in the rest.
async function fill(sql: Sql, orders: readonly DataSetOrder[], seed: number): Promise<void> {
  const consumers = makeConsumers(seed);
  const cards = makeCards(seed, consumers);
  await addMenuItems(sql, readMenu(orders));
  await addAccounts(sql, consumers);
  await addRules(sql, makeKitchenRules(seed, orders));
  await addCards(sql, cards);
  await addProviderCards(sql, makeProviderCards(seed, cards));
  await writeSeed(sql, seed);
}
