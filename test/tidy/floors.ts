// The folders and files of each package and app from the bottom up: each may import those before it, and
// nothing after it. A file of a folder may have a floor of its own, where others need it alone.

/** Of the library. The page ARCHITECTURE lists them in this order. */
export const floors: readonly string[] = [
  "errors.ts",
  "ambient",
  "contract",
  "contract/schema-fit",
  "contract/rules",
  "contract/json",
  "draw",
  "transition",
  "check/model",
  "check/explore",
  "check/findings",
  "check/properties",
  "check/export",
  "check",
  "store",
  "store/memory",
  "transport",
  "envelope",
  "engine/generation",
  "engine/message",
  "engine/lane",
  "engine/call",
  "engine/dispatch",
  "engine/round",
  "engine/owner",
  "engine/saga",
  "engine",
  "testing",
  "node",
  "store/postgres/client",
  "store/postgres/rows",
  "store/postgres/schema",
  "store/postgres/tables",
  "store/postgres",
  "operations",
  "index.ts",
  "postgres.ts",
  "pglite.ts",
  "tooling.ts",
  "bin.ts",
];

/** Of the command, likewise. */
export const commandFloors: readonly string[] = [
  "terminal",
  "read",
  "print",
  "commands",
  "program",
  "node-version.ts",
  "run-command.ts",
  "main.ts",
];

/** The services of the pizza place: none of them imports another one. */
export const pizzaPlaceServices: readonly string[] = ["order", "consumer", "kitchen", "accounting"];

const pizzaPlaceFloors: readonly string[] = [
  "shared",
  "database",
  "payment-provider",
  // What services know of each other.
  "events",
  ...pizzaPlaceServices,
  "life",
  "choreography.ts",
  "audit",
  "data-set",
  "place.ts",
  "replay",
  "http",
  "composition",
  "programs/start",
  "programs/audit",
  "programs/order",
  "main.ts",
  "audit-main.ts",
  "order-main.ts",
];

const plannerFloors: readonly string[] = [
  "ambient",
  "random",
  "time",
  "lead-time",
  "demand",
  "policy",
  "planner",
  "explain",
  "guard",
  "backtest",
  "bench",
  "pizza-year",
  "index.ts",
  "cli",
];

const deskFloors: readonly string[] = [
  "ambient",
  "desk-error.ts",
  "documents",
  "lint",
  "render",
  "playbooks",
  "frameworks",
  "settings.ts",
  "people",
  "plan",
  "mail",
  "minutes",
  "lint-registry.ts",
  "index.ts",
  "cli/exit-codes.ts",
  "cli/terminal.ts",
  "cli/session.ts",
  "cli/sending.ts",
  "cli/commands",
  "cli",
];

/** Those of every package and app with folders, by where its sources are. `bench` is one folder. */
export const floorsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ["packages/quadrille/src/", floors],
  ["packages/cli/src/", commandFloors],
  ["packages/planner/src/", plannerFloors],
  ["packages/desk/src/", deskFloors],
  ["apps/pizza-place/src/", pizzaPlaceFloors],
]);
