// Writes each finding's path as a test that replays it with the real transition and, where the project names
// its services, the real handlers. Such a test fails while the path can happen, and is a regression test
// afterwards.
import { writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type Finding, type Report, story } from "quadrille/check";
import { makeFolder, stateKeys } from "quadrille/tooling";
import type { CheckInput } from "../read/check-input.ts";
import { findConfig } from "../read/config.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { visibleIn } from "../terminal/visible.ts";

/** The folder for the test files, and the contract that they import. */
export interface Writing {
  readonly folder: string;
  readonly input: CheckInput;
  readonly terminal: Terminal;
}

/** Writes a file for each error or warning with a path, and says which. */
export async function writeTests({ findings }: Report, { folder, input, terminal }: Writing): Promise<void> {
  const withPath = findings.filter(({ severity, path }) => severity !== "report" && path.length > 0);
  const place = resolve(terminal.cwd, folder);
  await makeFolder(place);
  const source = await sourceOf(input, place, terminal);
  for (const [index, finding] of withPath.entries()) {
    const same = withPath.slice(0, index).filter((other) => nameOf(other) === nameOf(finding)).length;
    const name = `${nameOf(finding)}${same === 0 ? "" : `-${same + 1}`}.test.ts`;
    await writeFile(join(place, name), testText(finding, source));
    // The report itself may be JSON on the standard output.
    terminal.err(`${join(folder, name)}\n`);
  }
}

/** The lines that bring the choreography and the services. */
interface Source {
  readonly imports: readonly string[];
  readonly choreography: string;
  readonly services: string;
}

/** A module and a file are read where they are; what was composed is written beside the tests. */
async function sourceOf(
  { exported, json, files }: CheckInput,
  place: string,
  { cwd }: Terminal,
): Promise<Source> {
  const { services } = await findConfig(cwd);
  const code = services === undefined ? undefined : importPath(place, services);
  const given = {
    services: code === undefined ? "[]" : 'Object.values(services).filter((one) => one.kind === "service")',
    imports: code === undefined ? [] : [`import * as services from ${JSON.stringify(code)};`],
  };
  const [file] = files;
  if (exported !== undefined && file !== undefined) {
    const from = JSON.stringify(importPath(place, resolve(cwd, file)));
    const binding = exported === "default" ? "choreography" : `{ ${exported} as choreography }`;
    return {
      ...given,
      imports: [`import ${binding} from ${from};`, ...given.imports],
      choreography: "choreography",
    };
  }
  const single = files.length === 1 && file !== undefined && file.endsWith(".json");
  const data = single ? importPath(place, resolve(cwd, file)) : "./choreography.json";
  if (!single) await writeFile(join(place, "choreography.json"), `${JSON.stringify(json, undefined, 2)}\n`);
  const read = [
    'import { readFileSync } from "node:fs";',
    'import { fromJson } from "quadrille";',
    ...given.imports,
    "",
    `const json = JSON.parse(readFileSync(new URL(${JSON.stringify(data)}, import.meta.url), "utf8"));`,
  ];
  return { ...given, imports: read, choreography: "fromJson(json)" };
}

function importPath(from: string, to: string): string {
  const path = relative(from, to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** `p1-accounting-absent-ticket-created` */
function nameOf({ code, at }: Finding): string {
  const words = at.split("/").filter((word) => !["participants", "states", ...stateKeys, ""].includes(word));
  return [code, ...words]
    .join("-")
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, "-")
    .replaceAll(/[^A-Za-z\d]+/g, "-")
    .toLowerCase();
}

function testText(found: Finding, { imports, choreography, services }: Source): string {
  const { code, message, path } = found;
  const title = JSON.stringify(`${code} does not happen: ${message}`);
  // A name must not end its comment: neither with a line break nor with what a program takes for one.
  const lines = story(visibleIn(path))
    .split("\n")
    .map((line) => `//   ${line}`);
  return `// Written by quadrille check --write-tests. It fails while this can happen:
${lines.join("\n")}
import { expect, it } from "vitest";
import { scenario, type PathStep } from "quadrille/testing";
${imports.join("\n")}

const path: readonly PathStep[] = ${JSON.stringify(path, undefined, 2)};

it(${title}, async () => {
  const report = await scenario(path, {
    choreography: ${choreography},
    // The code to test; without it, every choice is the path's.
    services: ${services},
    // What each command brings, and what each activity results in.
    commands: {},
    results: {},
  });
  expect(report.confirmed, ${JSON.stringify(`the path of ${code} was walked to its end`)}).toBe(false);
});
`;
}
