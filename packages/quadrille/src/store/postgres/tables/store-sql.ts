// How a participant's statements are sent: by their names, and with the errors of a store.
import type { SqlClient, SqlRow } from "../client/sql-client.ts";
import { storeError } from "../client/sql-errors.ts";
import type { StoreStatements } from "./store-statements.ts";

/** The named statements of one participant over its client. */
export class StoreSql {
  readonly #client: SqlClient;
  readonly #statements: StoreStatements;

  constructor(client: SqlClient, statements: StoreStatements) {
    this.#client = client;
    this.#statements = statements;
  }

  /** The rows of a statement. */
  rows(name: keyof StoreStatements, values: readonly unknown[]): Promise<readonly SqlRow[]> {
    return this.named(this.#client.query(this.#statements[name], values));
  }

  /** An answer whose error is a store's. */
  async named<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw storeError(error, this.#client.label);
    }
  }
}

/** A number of a row; `undefined` where it is null. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
