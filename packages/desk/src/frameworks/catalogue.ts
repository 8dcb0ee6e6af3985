// Reads the catalogue: the frameworks that come with the package, and those that a team keeps in its folder.
// A file is checked when it is read: its template prints every required slot and names no other.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DeskError } from "../desk-error.ts";
import { known, parseDocument } from "../documents/folder.ts";
import type { Kind } from "../documents/kind.ts";
import { oneOf } from "../documents/lifecycle.ts";
import { parseJson } from "../documents/parse.ts";
import { namesOf, type TemplateName } from "../render/template.ts";
import { type Framework, framework, type Slot } from "./framework.ts";
import { hasName } from "./render-filled.ts";
import { slotChecks } from "./slot-checks.ts";

const shipped = join(import.meta.dirname, "catalogue");
const frameworkKind: Kind<Framework> = {
  name: "framework",
  folder: "frameworks",
  schemaName: "quadrille-desk/framework/1",
  schema: framework,
};

/**
 * Frameworks by id: those of the package, then those in `folder/frameworks`; a team's own replaces one of the
 * same id.
 */
export function readCatalogue(folder?: string): ReadonlyMap<string, Framework> {
  const own = folder === undefined ? [] : filesIn(join(folder, frameworkKind.folder));
  const all = [...filesIn(shipped), ...own].map((file) => readFramework(readFileSync(file, "utf8"), file));
  return new Map(all.map((each) => [each.id, each]));
}

/** The framework of this id; `D_UNKNOWN` when there is none. */
export function frameworkOf(catalogue: ReadonlyMap<string, Framework>, id: string): Framework {
  const found = catalogue.get(id.toLowerCase());
  if (found !== undefined) return found;
  throw new DeskError(
    "D_UNKNOWN",
    `There is no framework ${JSON.stringify(id)}; ${known([...catalogue.keys()])}.`,
  );
}

/** A framework from the text of its file. `D_INVALID` with one sentence about what is wrong. */
export function readFramework(text: string, where: string): Framework {
  const read = parseDocument(frameworkKind, parseJson(text, where), where);
  const problem = templateProblem(read, where) ?? checkProblem(read);
  if (problem === undefined) return read;
  throw new DeskError("D_INVALID", `${where}: ${problem}.`);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .toSorted()
      .map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function templateProblem({ slots, template }: Framework, where: string): string | undefined {
  const names = namesOf(template.join("\n"), where);
  const stranger = names.find((name) => !isKnown(name.path, slots));
  if (stranger !== undefined) return `the template uses {{${stranger.path}}}, which is no slot`;
  const unused = slots.find((slot) => slot.required && !isPrinted(slot, names));
  return unused && `the template never prints the required slot ${unused.key}`;
}

/**
 * `title`; a slot; a field of a slot's rows, or their number `n`; or a slot from inside another's section.
 */
function isKnown(path: string, slots: readonly Slot[]): boolean {
  const parts = path.split(".");
  const last = parts.at(-1) ?? "";
  if (last === "title" || slots.some(({ key }) => key === last || hasName(key) === last)) return true;
  const around = slots.filter(({ key, type }) => type === "rows" && parts.slice(0, -1).includes(key));
  return around.some(({ fields = [] }) => last === "n" || fields.some(({ key }) => key === last));
}

/** A slot by its name, a flag also by its section, rows by each of their required fields. */
function isPrinted(slot: Slot, names: readonly TemplateName[]): boolean {
  const prints = ({ key, type }: Pick<Slot, "key" | "type">, among: readonly TemplateName[]): boolean =>
    among.some(({ path, section }) => path.split(".").at(-1) === key && (type === "flag" || !section));
  if (slot.type !== "rows") return prints(slot, names);
  const inside = names.filter(({ path }) => path.split(".").includes(slot.key));
  return (slot.fields ?? []).filter(({ required }) => required).every((field) => prints(field, inside));
}

function checkProblem({ checks, slots }: Framework): string | undefined {
  for (const { lint, slot, field } of checks) {
    if (!(lint in slotChecks))
      return `the check ${lint} does not exist; there are ${oneOf(Object.keys(slotChecks))}`;
    const found = slots.find(({ key }) => key === slot);
    if (found === undefined) return `the check ${lint} looks at ${slot}, which is no slot`;
    if (field !== undefined && found.fields?.some(({ key }) => key === field) !== true)
      return `the check ${lint} looks at ${slot}.${field}, which is no field of it`;
  }
  return undefined;
}
