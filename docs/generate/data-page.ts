// docs/data.md: every table, column and index, and every attribute of the envelope, with what the code says
// about it.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bookkeepingTexts } from "../../packages/quadrille/src/store/postgres/schema/migrate.ts";
import { businessTimeTexts } from "../../packages/quadrille/src/store/postgres/tables/business-time.ts";
import { page, table } from "./markdown.ts";
import { readTables, type Table } from "./sql-tables.ts";

const root = join(import.meta.dirname, "../..");
const migrations = "packages/quadrille/src/store/sql";
const envelope = "packages/quadrille/src/envelope/cloud-events.ts";

/** The page. Throws where a table, column, index or attribute has no comment. */
export function dataPage(): string {
  const own = readTables([...sqlFiles(`${migrations}/*.sql`), ...bookkeepingTexts("${schema}")].join(";\n"));
  const time = readTables(businessTimeTexts("quadrille_time").join(";\n"));
  const app = readTables(sqlFiles("apps/pizza-place/src/*/sql/*.sql").join(";\n"));
  return page(
    "Data",
    `What is in the database, and what an event looks like on its way. The words are those of the SQL files in
[${migrations}](../${migrations}) and of the services; in a database, \`\\d+\` shows them too.`,
    "## A participant's tables",
    `Each participant has these tables in a schema of its own. Its name is the participant's in snake case, such as
\`order_history\`, unless another is given; a prefix can be set for a whole database. Times are milliseconds since 1970,
unless their type is \`timestamptz\`. The times of the journal, of entities (\`began_at\`, \`entered_at\`) and of deadlines are business
time; all others are the machine's. Texts are compared by their bytes.`,
    ...own.flatMap((one) => tableParts(one, "###")),
    "## Business time",
    `Where business time is not the machine's, a schema \`quadrille_time\` keeps it, made when it is first written; a prefix
for a whole database stands before its name, too.`,
    ...time.flatMap((one) => tableParts(one, "###")),
    "## The envelope",
    `For programs outside, an event is a [CloudEvent 1.0](https://github.com/cloudevents/spec) in structured JSON, made
from its journal row by \`toCloudEvents\` ([cloud-events.ts](../${envelope})). Between participants a transport carries the
journal rows themselves.`,
    table(["attribute", "always there", "is"], attributes()),
    "## The pizza place's own tables",
    `The services of the [reference system](../apps/pizza-place) keep what is theirs alone in their participant's schema,
beside the tables above. The payment provider and the place itself are no participants and have a schema each. A table
\`service_migration\` in each schema lists the SQL files that were run there.`,
    ...app.flatMap((one) => tableParts(one, "###")),
  );
}

function sqlFiles(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root })
    .toSorted()
    .map((file) => readFileSync(join(root, file), "utf8"));
}

function tableParts({ schema, name, comment, columns, indexes }: Table, mark: string): readonly string[] {
  const rows = columns.map((one) => [
    `\`${one.name}\``,
    one.rest === "" ? one.type : `${one.type}, \`${one.rest}\``,
    one.required ? "" : "yes",
    one.comment,
  ]);
  const indexed = indexes.map(
    (one) => `- ${one.name === "" ? "" : `\`${one.name}\` `}\`${one.on}\`: ${one.comment}`,
  );
  return [
    `${mark} ${schema === "" ? name : `${schema}.${name}`}`,
    comment,
    table(["column", "type", "may be null", "holds"], rows),
    `Indexed:\n\n${indexed.join("\n")}`,
  ];
}

/** The fields of the interface `CloudEvent`, with their comments. */
function attributes(): readonly (readonly string[])[] {
  const source = readFileSync(join(root, envelope), "utf8");
  const [, body = ""] = /export interface CloudEvent \{\n([\s\S]*?)\n\}/.exec(source) ?? [];
  return [...body.matchAll(/(?:\/\*\*([\s\S]*?)\*\/\s*)?readonly (\w+)(\?)?: /g)].map(
    ([, comment, name, optional]) => {
      if (comment === undefined) throw new Error(`${name} in ${envelope} has no comment: add one.`);
      const text = comment.replaceAll(/\s*\n\s*\*\s*/g, " ").trim();
      return [`\`${name}\``, optional === undefined ? "yes" : "", text];
    },
  );
}
