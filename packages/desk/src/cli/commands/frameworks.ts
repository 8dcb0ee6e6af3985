// What the commands of frameworks do.
import { DeskError } from "../../desk-error.ts";
import { parseDocument } from "../../documents/folder.ts";
import { slug } from "../../documents/slug.ts";
import { isValues, type Values } from "../../documents/values.ts";
import { frameworkOf, readCatalogue, readFramework } from "../../frameworks/catalogue.ts";
import { checkFramework } from "../../frameworks/check-framework.ts";
import { boundSlots, type Checked, checkFilled } from "../../frameworks/fill-slots.ts";
import {
  type Audience,
  type Filled,
  filledKind,
  type Framework,
  families,
  type Moment,
  type Slot,
} from "../../frameworks/framework.ts";
import { renderFilled } from "../../frameworks/render-filled.ts";
import { slotCheck } from "../../frameworks/slot-checks.ts";
import { suggest } from "../../frameworks/suggest.ts";
import { composeMessage } from "../../mail/message.ts";
import { columns, toHtmlPage, toText } from "../../render/markdown.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { CommonOptions, Session } from "../session.ts";

export interface SuggestOptions extends CommonOptions {
  readonly moment?: Moment;
  readonly audience?: Audience;
  readonly minutes?: number;
}

export interface NewDocumentOptions extends CommonOptions {
  readonly title: string;
  readonly id?: string;
  readonly facts?: string;
}

export interface RenderOptions extends CommonOptions {
  readonly facts?: string;
  readonly to?: "md" | "html" | "eml" | "text";
}

/** `frameworks list` */
export function listCommand(session: Session): ExitCode {
  const all = [...readCatalogue(session.folder).values()];
  const { bold } = session.terminal.colors;
  return session.print(all, () => {
    const width = Math.max(...all.map(({ id }) => id.length));
    return families
      .map((family) => {
        const lines = all
          .filter((each) => each.families.includes(family))
          .map(({ id, expansion }) => `  ${id.padEnd(width)}  ${expansion}`);
        return [bold(family), ...lines].join("\n");
      })
      .join("\n");
  });
}

/** `frameworks show` */
export function showCommand(id: string, session: Session): ExitCode {
  const found = frameworkOf(readCatalogue(session.folder), id);
  return session.print(found, () => frameworkText(found, session));
}

/** `frameworks suggest` */
export function suggestCommand({ moment, audience, minutes }: SuggestOptions, session: Session): ExitCode {
  const found = suggest(readCatalogue(session.folder).values(), { moment, audience, minutes });
  session.print(found, () =>
    found.length === 0
      ? "No framework fits all of that: leave one of --moment, --audience and --minutes out."
      : found.map(({ id, reason }) => `${session.terminal.colors.bold(id)}: ${reason}`).join("\n"),
  );
  return found.length === 0 ? exitCodes.findings : exitCodes.ok;
}

/** `frameworks new` */
export function newCommand(
  id: string,
  { title, id: given, facts }: NewDocumentOptions,
  session: Session,
): ExitCode {
  const framework = frameworkOf(readCatalogue(session.folder), id);
  const bound = boundSlots(framework, factsOf(facts, session));
  const open = framework.slots.filter(({ key, required }) => required && !(key in bound));
  const doc: Filled = {
    schema: "quadrille-desk/document/1",
    id: given ?? slug(title, (taken) => session.documents.has(filledKind, taken)),
    framework: framework.id,
    title,
    at: session.now,
    slots: Object.fromEntries(open.map((slot) => [slot.key, blank(slot)])),
  };
  session.documents.create(filledKind, doc);
  return session.print(doc, () => {
    const filled =
      Object.keys(bound).length === 0 ? "" : ` From the facts: ${Object.keys(bound).join(", ")}.`;
    return `Made ${session.path(filledKind.folder, `${doc.id}.json`)}. To fill: ${open.map(({ key }) => key).join(", ") || "nothing"}.${filled}`;
  });
}

/** `frameworks check` */
export function checkCommand(file: string, options: RenderOptions, session: Session): ExitCode {
  const value = session.readJson(file);
  if (isValues(value) && value["schema"] === "quadrille-desk/framework/1") {
    const read = readFramework(session.readFile(file), file);
    return session.findings(checkFramework(read, session.clock.now()), file);
  }
  return session.findings(checked(value, file, { options, session }).findings, file);
}

/** `frameworks render` */
export async function renderCommand(
  file: string,
  options: RenderOptions,
  session: Session,
): Promise<ExitCode> {
  const { doc, framework, slots, findings } = checked(session.readJson(file), file, { options, session });
  if (findings.some(({ level }) => level === "error")) {
    session.findings(findings, file);
    return exitCodes.findings;
  }
  const markdown = renderFilled(framework, { title: doc.title, slots }, session.settings.zone);
  const { sender } = session.settings;
  const forms = {
    md: () => markdown,
    text: () => toText(markdown),
    html: () => toHtmlPage(markdown, doc.title),
    eml: async () =>
      String(
        await composeMessage({
          id: `document.${doc.id}`,
          from: sender,
          to: [],
          subject: doc.title,
          at: doc.at,
          markdown,
        }),
      ),
  };
  session.terminal.out(await forms[options.to ?? "md"]());
  return exitCodes.ok;
}

function checked(
  value: unknown,
  file: string,
  { options, session }: { readonly options: RenderOptions; readonly session: Session },
): Checked & { readonly doc: Filled; readonly framework: Framework } {
  const doc = parseDocument<Filled>(filledKind, value, file);
  const framework = frameworkOf(readCatalogue(session.folder), doc.framework);
  const given = { facts: factsOf(options.facts, session), people: [], now: session.clock.now() };
  return { doc, framework, ...checkFilled(framework, doc, given) };
}

function factsOf(file: string | undefined, session: Session): Values | undefined {
  if (file === undefined) return undefined;
  const facts = session.readJson(file);
  if (isValues(facts)) return facts;
  throw new DeskError("D_INVALID", `${file} has no facts: a JSON object is expected.`);
}

/** A value of the slot's type that the check does not take for an answer. */
function blank({ type, fields = [] }: Slot): unknown {
  if (type === "texts") return [""];
  if (type === "rows") return [Object.fromEntries(fields.map(({ key }) => [key, ""]))];
  return "";
}

function frameworkText(framework: Framework, session: Session): string {
  const { bold } = session.terminal.colors;
  const slots = framework.slots.map(({ key, type, required, hint, fields, fact, choices }) => [
    `  ${key}`,
    type === "rows"
      ? `rows of ${(fields ?? []).map((each) => each.key).join(", ")}`
      : (choices ?? [type]).join(" | "),
    required ? "required" : "optional",
    [hint, fact && `bound to the fact ${fact}`].filter((part) => part !== undefined).join("; "),
  ]);
  const checks = framework.checks.map(({ lint, slot, field }) => [
    `  ${field === undefined ? slot : `${slot}.${field}`}`,
    lint,
    slotCheck(lint).says,
  ]);
  return [
    bold(`${framework.name}: ${framework.expansion}`),
    framework.note,
    "",
    ...framework.when.map((each) => `Use it ${each}.`),
    ...framework.whenNot.map((each) => `Not ${each}.`),
    `It takes about ${framework.suits.minutes} min.`,
    "",
    bold("Slots"),
    ...columns(slots),
    "",
    bold("Checks"),
    ...columns(checks),
    "",
    bold("Example"),
    renderFilled(framework, framework.example, session.settings.zone),
  ].join("\n");
}
