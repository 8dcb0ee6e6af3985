// The public entry of `quadrille/postgres`: sagas on a PostgreSQL server. It needs the package `pg`.
export { heldOpen, type HeldOpenOptions, type Holder } from "./operations/held-open.ts";
export { assertPostgresUrl } from "./store/postgres/client/postgres-url.ts";
export { postgresDatabase, type PostgresOptions } from "./store/postgres/postgres-database.ts";
