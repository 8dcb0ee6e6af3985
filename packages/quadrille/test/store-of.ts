// A participant's store, opened as an operator would.
import type { Database } from "../src/store/database.ts";
import type { Store } from "../src/store/store.ts";

/** With as many lanes as its tables were made with. */
export async function storeOf(database: Database, name: string): Promise<Store> {
  const lanes = await (await database.inspect({ name })).reading();
  return database.open({ name, lanes: lanes.length });
}
