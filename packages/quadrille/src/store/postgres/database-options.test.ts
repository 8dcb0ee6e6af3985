// Options of a database that are misspelt are refused before it is opened.
import { expect, it } from "vitest";
import { memoryDatabase } from "../memory/memory-database.ts";
import { pgliteDatabase } from "./pglite-database.ts";
import { postgresDatabase } from "./postgres-database.ts";

const misspelt = { schemaprefix: "a_" } as never;

it.each<[string, () => unknown]>([
  ["memoryDatabase", () => memoryDatabase(misspelt)],
  ["pgliteDatabase", () => pgliteDatabase(misspelt)],
  ["postgresDatabase", () => postgresDatabase(misspelt)],
])("%s refuses a key that it does not know", async (name, open) => {
  await expect(async () => await open()).rejects.toThrow(
    new RegExp(`^${name} has the unknown key "schemaprefix"; .* Did you mean schemaPrefix\\?$`),
  );
});

it.each([
  [undefined, /^postgresDatabase takes an object, { url, /],
  [{}, /^postgresDatabase: url is a text, postgres:..…, not nothing\.$/],
])("PostgreSQL is not opened without its address: %j", async (options, sentence) => {
  await expect(postgresDatabase(options as never)).rejects.toThrow(sentence);
});
