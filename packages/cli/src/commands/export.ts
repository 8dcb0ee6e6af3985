// `quadrille export`: a choreography in the forms of other tools.
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type CheckOptions, listed, toPromela, toTla } from "quadrille/check";
import { mermaidMap, toAsyncApi } from "quadrille/draw";
import { makeFolder } from "quadrille/tooling";
import { checkInputs, type CheckInput } from "../read/check-input.ts";
import { type BoundOptions, checkOptions } from "../read/check-options.ts";
import { payloadSchemas } from "../read/payload-schemas.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";
import { visibleIn } from "../terminal/visible.ts";

/** Options of the command: one of the formats. */
export interface ExportOptions extends BoundOptions {
  readonly promela?: true;
  readonly tla?: true;
  readonly asyncapi?: true;
  readonly mermaid?: true;
  readonly json?: true;
  readonly out?: string;
}

type Files = Readonly<Record<string, string>>;
type System = readonly [CheckInput, ...CheckInput[]];

/** The form of one choreography. */
type FormOfOne = (input: CheckInput, bound: CheckOptions) => Files;

const ofOne: Readonly<Record<string, FormOfOne>> = {
  promela: ({ json }, bound) => ({ "choreography.pml": toPromela(visibleIn(json), bound) }),
  tla: ({ json }, bound) => {
    const { name, module, config } = toTla(visibleIn(json), bound);
    return { [`${name}.tla`]: module, [`${name}.cfg`]: config };
  },
  json: ({ json }) => ({ "choreography.json": asJson(json) }),
};

/** The form of a whole system. */
const ofSystem: Readonly<Record<string, (system: System) => Files>> = {
  asyncapi: (system) => ({
    "asyncapi.json": asJson(
      toAsyncApi(
        system.map(({ json }) => json),
        payloadSchemas(system),
      ),
    ),
  }),
  mermaid: (system) => ({
    "choreography.mmd": system.map(({ json }) => mermaidMap(visibleIn(json))).join("\n"),
  }),
};

const formats = ["promela", "tla", "asyncapi", "mermaid", "json"];

/** Writes the first file to the terminal, or all files into a folder. */
export async function exportCommand(
  paths: readonly string[],
  options: ExportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const given = new Map<string, unknown>(Object.entries(options));
  const [format, ...others] = formats.filter((name) => given.get(name) === true);
  if (format === undefined || others.length > 0) {
    throw new UserError(`Name one format: ${formats.map((name) => `--${name}`).join(", ")}.`);
  }
  const system = await checkInputs(paths, terminal);
  const files = ofSystem[format]?.(system) ?? ofEach(system, format, options);
  if (options.out === undefined) {
    terminal.out(Object.values(files)[0] ?? "");
    return exitCodes.ok;
  }
  const folder = resolve(terminal.cwd, options.out);
  await makeFolder(folder);
  for (const [name, text] of Object.entries(files)) {
    await makeFolder(dirname(join(folder, name)));
    await writeFile(join(folder, name), text);
    terminal.out(`${join(options.out, name)}\n`);
  }
  return exitCodes.ok;
}

/** Of several, each in a folder named after it. */
function ofEach(system: System, format: string, options: ExportOptions): Files {
  const form: FormOfOne = ofOne[format] ?? (() => ({}));
  const [first, ...others] = system;
  if (others.length === 0) return form(first, checkOptions(options, first));
  const names = system.map(({ json }) => json.name);
  if (options.out === undefined) {
    throw new UserError(
      `These are ${names.length} choreographies, ${listed(names)}, and --${format} is of one: with --out FOLDER each is written into a folder of its own.`,
    );
  }
  const files = system.flatMap((input) =>
    Object.entries(form(input, checkOptions(options, input))).map(
      ([name, text]) => [join(input.json.name.replaceAll(/[^\w.-]/g, "_"), name), text] as const,
    ),
  );
  return Object.fromEntries(files);
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
