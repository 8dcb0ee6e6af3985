// Reads what the library's entries export: each name with its docstring and its declaration, as they stand in
// the source. The sources say every exported type in full (`isolatedDeclarations`), so that no compiler is
// needed to know one.
import { readFileSync } from "node:fs";
import { join } from "node:path/posix";
import { parseSync } from "vite";

/** One exported name. */
export interface Exported {
  readonly name: string;
  /** The docstring as Markdown; empty where there is none. */
  readonly doc: string;
  /** The declaration without bodies, as TypeScript. */
  readonly text: string;
  /** From the root of the workspace. */
  readonly file: string;
}

type Body = ReturnType<typeof parseSync>["program"]["body"];
type Statement = Body[number];
type Declaration = NonNullable<Extract<Statement, { type: "ExportNamedDeclaration" }>["declaration"]>;

/** What a module exports from others, in its order. */
export function exportsOf(root: string, entry: string): readonly Exported[] {
  return parsed(root, entry).body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || statement.source === null) return [];
    const file = join(entry, "..", statement.source.value);
    return statement.specifiers.map(({ local }) => exported(root, file, nameIn(local)));
  });
}

function exported(root: string, file: string, name: string): Exported {
  const { body, comments, text } = parsed(root, file);
  const found = body.flatMap((statement) => {
    const declaration = declarationIn(statement);
    return declaration !== undefined && namesOf(declaration).includes(name)
      ? [{ statement, declaration }]
      : [];
  });
  // An overloaded function's last declaration is its body's, which no caller sees.
  const shown = found.length > 1 ? found.slice(0, -1) : found;
  const docs = found.map(({ statement }) => {
    const comment = comments.findLast(({ end }) => end <= statement.start);
    const isOwn =
      comment?.value.startsWith("*") === true && text.slice(comment.end, statement.start).trim() === "";
    return isOwn ? plain(comment.value) : "";
  });
  return {
    name,
    file,
    doc: docs.find((one) => one !== "") ?? "",
    text: shown.map(({ declaration }) => textOf(text, declaration)).join("\n"),
  };
}

function parsed(root: string, file: string) {
  const text = readFileSync(join(root, file), "utf8");
  const { program, comments } = parseSync(file, text);
  return { body: program.body, comments, text };
}

function declarationIn(statement: Statement): Declaration | undefined {
  return statement.type === "ExportNamedDeclaration" ? (statement.declaration ?? undefined) : undefined;
}

function namesOf(declaration: Declaration): readonly string[] {
  if (declaration.type === "VariableDeclaration")
    return declaration.declarations.map(({ id }) => (id.type === "Identifier" ? id.name : ""));
  return "id" in declaration && declaration.id?.type === "Identifier" ? [declaration.id.name] : [];
}

function nameIn(node: { readonly type: string }): string {
  return "name" in node ? String(node.name) : "";
}

function textOf(text: string, declaration: Declaration): string {
  const { type, start, end } = declaration;
  if (type === "FunctionDeclaration" || type === "TSDeclareFunction") {
    const head = text.slice(start, declaration.body?.start ?? end).trim();
    return `${head.replace(/;$/, "")};`;
  }
  if (type === "VariableDeclaration") {
    const [{ id } = { id: undefined }] = declaration.declarations;
    const name = text.slice(id?.start ?? 0, id?.end ?? 0);
    return name.includes(":") ? `const ${name};` : `const ${name} = { … };`;
  }
  return type === "ClassDeclaration" ? classText(text, declaration) : text.slice(start, end);
}

/** The members that a user sees, without their bodies. */
function classText(
  text: string,
  declaration: Extract<Declaration, { type: "ClassDeclaration" | "ClassExpression" }>,
): string {
  const members = declaration.body.body.map((member) => {
    const isMethod = member.type === "MethodDefinition";
    const body = isMethod ? member.value.body : undefined;
    const value = member.type === "PropertyDefinition" ? member.value : undefined;
    const end = (body ?? value)?.start ?? member.end;
    return `  ${text.slice(member.start, end).trim().replace(/[=;]$/, "").trim()};`;
  });
  return [text.slice(declaration.start, declaration.body.start).trim(), "{", ...members, "}"]
    .join("\n")
    .replace("\n{", " {");
}

/** A docstring without its stars and with its links as code. */
function plain(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*+ ?/, "").trimEnd())
    .join("\n")
    .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
    .trim();
}
