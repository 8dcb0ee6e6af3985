// `quadrille export`: a choreography in the forms of other tools.
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type CheckOptions, toPromela, toTla } from "quadrille/check";
import { mermaidMap, toAsyncApi } from "quadrille/draw";
import { makeFolder } from "quadrille/tooling";
import { checkInput, type CheckInput } from "../read/check-input.ts";
import { type BoundOptions, checkOptions } from "../read/check-options.ts";
import { payloadSchemas } from "../read/payload-schemas.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type ExitCode, exitCodes, UserError } from "../terminal/user-error.ts";

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

const formats: Readonly<Record<string, (input: CheckInput, bound: CheckOptions) => Files>> = {
  promela: ({ json }, bound) => ({ "choreography.pml": toPromela(json, bound) }),
  tla: ({ json }, bound) => {
    const { name, module, config } = toTla(json, bound);
    return { [`${name}.tla`]: module, [`${name}.cfg`]: config };
  },
  asyncapi: ({ json, value }) => {
    return {
      "asyncapi.json": asJson(
        toAsyncApi(json, value === undefined ? {} : { payloads: payloadSchemas(value) }),
      ),
    };
  },
  mermaid: ({ json }) => ({ "choreography.mmd": mermaidMap(json) }),
  json: ({ json }) => ({ "choreography.json": asJson(json) }),
};

/** Writes the first file to the terminal, or all files into a folder. */
export async function exportCommand(
  paths: readonly string[],
  options: ExportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const chosen = Object.entries(formats).filter(
    ([name]) => new Map<string, unknown>(Object.entries(options)).get(name) === true,
  );
  const [format, ...others] = chosen;
  if (format === undefined || others.length > 0) {
    throw new UserError(
      `Name one format: ${Object.keys(formats)
        .map((name) => `--${name}`)
        .join(", ")}.`,
    );
  }
  const input = await checkInput(paths, terminal);
  const files = format[1](input, checkOptions(options, input));
  if (options.out === undefined) {
    terminal.out(Object.values(files)[0] ?? "");
    return exitCodes.ok;
  }
  const folder = resolve(terminal.cwd, options.out);
  await makeFolder(folder);
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
    terminal.out(`${join(options.out, name)}\n`);
  }
  return exitCodes.ok;
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
