// The public entry of `quadrille/pglite`: PostgreSQL inside the process. It needs `@electric-sql/pglite` and
// `pg`.
export { pgliteDatabase, type PgliteOptions } from "./store/postgres/pglite-database.ts";
