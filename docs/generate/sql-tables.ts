// Reads tables, columns and indexes with their comments out of SQL. A column without a comment is refused, so
// that the page is complete.

/** As `create table` or `alter table … add column` defines it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** What else the definition says: defaults, checks, references. */
  readonly rest: string;
  readonly comment: string;
}

/** An index, or a key, which has one as well. */
export interface Index {
  readonly name: string;
  readonly on: string;
  readonly comment: string;
}

/** As the SQL files make it, all of them applied. */
export interface Table {
  /** The schema's name, not quoted; empty where each participant has its own. */
  readonly schema: string;
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
}

/** The tables that `sql` makes, in its order. `${schema}` stands for a schema without a name of its own. */
export function readTables(sql: string): readonly Table[] {
  const statements = inForce(split(sql, ";").map((one) => one.replaceAll(/\s+/g, " ").trim()));
  const comments = new Map(statements.flatMap(commentOf));
  return statements.flatMap((statement) => {
    const [, place = "", body = ""] = /^create table (?:if not exists )?(\S+) \((.*)\)[^)]*?$/.exec(
      withoutStorage(statement),
    ) ?? [undefined, undefined, undefined];
    return body === ""
      ? []
      : [tableOf(place, `${body}${addedTo(place, statements)}`, { statements, comments })];
  });
}

/** Without the statements of a table that a later migration has replaced or dropped. */
function inForce(statements: readonly string[]): readonly string[] {
  return statements.filter((statement, index) => {
    const [, place] =
      /^(?:create table|alter table|create (?:unique )?index \S+ on) (\S+) /.exec(statement) ?? [];
    const replaced = `alter table ${place} rename to ${place?.split(".")[1]}_before`;
    const last = Math.max(statements.lastIndexOf(replaced), statements.lastIndexOf(`drop table ${place}`));
    return place === undefined || index > last;
  });
}

/** What later migrations add and drop, as definitions that follow those of the table. */
function addedTo(place: string, statements: readonly string[]): string {
  return statements
    .flatMap((statement) => {
      const [, table, changes = ""] = /^alter table (\S+) (.*)$/.exec(statement) ?? [];
      return table === place
        ? split(changes, ",").map((change) => definitionIn(statement, change.trim()))
        : [];
    })
    .map((definition) => `, ${definition}`)
    .join("");
}

function definitionIn(statement: string, change: string): string {
  const [, definition] =
    /^(?:add column (.*)|add (constraint .*)|(drop constraint .*))$/.exec(change)?.filter(Boolean) ?? [];
  if (definition !== undefined) return definition;
  throw new Error(
    `This page generator reads only "add column", "add constraint" and "drop constraint": ${statement}`,
  );
}

/** Without the constraints that are dropped after them. */
function lastingParts(body: string): readonly string[] {
  const parts = split(body, ",").map((one) => one.trim());
  const dropped = (name: string | undefined, index: number): boolean =>
    parts.indexOf(`drop constraint ${name}`) > index;
  return parts.filter(
    (part, index) => !part.startsWith("drop ") && !dropped(/^constraint (\S+)/.exec(part)?.[1], index),
  );
}

function withoutStorage(statement: string): string {
  return statement.replace(/ with \(fillfactor = \d+\)$/, "");
}

/** Splits at a character outside of strings, bodies, brackets and comments; comments are dropped. */
function split(sql: string, sign: ";" | ","): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const [token] of sql.matchAll(
    /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|[^'$\-;,()]+|[\s\S]/g,
  )) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (token === sign && depth === 0) parts.push("");
    else if (!token.startsWith("--")) parts.push(`${parts.pop() ?? ""}${token}`);
  }
  return parts;
}

function commentOf(statement: string): readonly (readonly [string, string])[] {
  const [, what, text] = /^comment on ((?:table|column|index) \S+) is '(.*)'$/.exec(statement) ?? [];
  return what === undefined || text === undefined ? [] : [[what, text.replaceAll("''", "'")]];
}

interface Script {
  readonly statements: readonly string[];
  readonly comments: ReadonlyMap<string, string>;
}

function tableOf(place: string, body: string, script: Script): Table {
  const [schemaText = "", name = ""] = place.split(".");
  const parts = lastingParts(body);
  const isKey = (part: string): boolean => /^(constraint|primary key)\b/.test(part);
  const columns = parts
    .filter((part) => !isKey(part))
    .map((part) => columnOf(part, (column) => commentOn(script, `column ${place}.${column}`)));
  const keys = [
    ...parts.flatMap((part) => keyOf(/primary key \((.*)\)/.exec(part)?.[1], "the primary key")),
    ...columns.flatMap((one) =>
      keyOf(/\bprimary key\b/.test(one.rest) ? one.name : undefined, "the primary key"),
    ),
    ...columns.flatMap((one) =>
      keyOf(/\bunique\b/.test(one.rest) ? one.name : undefined, "no two rows are alike in it"),
    ),
  ];
  const schema = schemaText === "${schema}" ? "" : schemaText.replaceAll('"', "");
  const comment = commentOn(script, `table ${place}`);
  return { schema, name, comment, columns, indexes: [...keys, ...indexesOf(place, script)] };
}

function keyOf(columns: string | undefined, comment: string): readonly Index[] {
  return columns === undefined ? [] : [{ name: "", on: `(${columns})`, comment }];
}

function columnOf(definition: string, commentFor: (column: string) => string): Column {
  const [, name = "", type = "", rest = ""] =
    /^(\S+) (.*?)(?: ((?:collate|not null|default|primary key|check|unique|references|generated)\b.*))?$/.exec(
      definition,
    ) ?? [];
  const required = /\bnot null\b|\bprimary key\b/.test(rest);
  const more = rest
    .replace(/^collate "C"/, "")
    .replace(/\bnot null\b/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return { name, type, required, rest: more, comment: commentFor(name) };
}

function indexesOf(place: string, script: Script): readonly Index[] {
  const schema = place.split(".")[0] ?? "";
  return script.statements.flatMap((statement) => {
    const [, name, on, columns] = /^create (?:unique )?index (\S+) on (\S+) (.*)$/.exec(statement) ?? [];
    if (name === undefined || columns === undefined || on !== place) return [];
    return [{ name, on: columns, comment: commentOn(script, `index ${schema}.${name}`) }];
  });
}

function commentOn({ comments }: Script, what: string): string {
  const comment = comments.get(what);
  if (comment === undefined || comment === "")
    throw new Error(`There is no comment on the ${what}: add "comment on ${what} is '…'".`);
  return comment;
}
