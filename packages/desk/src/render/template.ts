// Fills a logic-free template (mustache) with values, as Markdown in which no value can be anything but text.
import Mustache from "mustache";
import { DeskError } from "../desk-error.ts";
import { listOf, plainText } from "../documents/values.ts";

/** What a template sees: texts, numbers, flags, and lists of such records. */
export interface View {
  readonly [name: string]: ViewValue;
}
/** A list is a section that is repeated for each of its entries. */
export type ViewValue = string | number | boolean | undefined | readonly (string | View)[];

/** A name in a template, with the sections it stands in, such as `whys` and `whys.answer`. */
export interface TemplateName {
  readonly path: string;
  /** Whether it is asked for by `{{#name}}` or `{{^name}}` only, which does not print it. */
  readonly section: boolean;
}

/** Fills the template. Values are escaped for Markdown; a missing value is empty. */
export function fill(template: string, view: View): string {
  const filled = Mustache.render(template, view, undefined, {
    escape: (value) => escapeMarkdown(String(value)),
  });
  return `${filled
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

/** The names that a template uses. `where` names the template in the error when it is not well-formed. */
export function namesOf(template: string, where: string): readonly TemplateName[] {
  try {
    return names(Mustache.parse(template), []);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeskError("D_INVALID", `${where} is not a template: ${reason}.`, { cause: error });
  }
}

// A token is [type, name, start, end, children?].
function names(tokens: readonly unknown[], inside: readonly string[]): readonly TemplateName[] {
  return tokens.flatMap((token) => {
    const [type, name, , , children] = listOf(token).map((part) =>
      Array.isArray(part) ? part : plainText(part),
    );
    if (typeof type !== "string" || typeof name !== "string" || type === "text" || type === "!") return [];
    if (type === "{" || type === "&" || type === ">") {
      throw new Error(
        `{{${type}${name}}} is not allowed: values are always escaped, and there are no partials`,
      );
    }
    const path = name === "." ? inside.join(".") : [...inside, name].join(".");
    if (type === "name") return [{ path, section: false }];
    const below = type === "#" ? [...inside, name] : inside;
    return [{ path, section: true }, ...names(listOf(children), below)];
  });
}

/** A value as Markdown text on one line: nothing in it is markup, a link or HTML. */
export function escapeMarkdown(value: string): string {
  const line = value.trim().replaceAll(/\s+/g, " ");
  return line
    .replaceAll(/[\\`*[\]<|]/g, "\\$&")
    .replaceAll(/&(?=#|[a-zA-Z][a-zA-Z0-9]*;)/g, "\\&")
    .replaceAll(/(?<![a-zA-Z0-9])_|_(?![a-zA-Z0-9])/g, "\\_")
    .replaceAll("~~", "\\~~")
    .replace(/^([-+#>=~])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}
