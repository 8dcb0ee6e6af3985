// Names come from contracts of others: no command lets one begin a line of its own, or colour the screen.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { choreography, end } from "../../quadrille/test/small-choreography.ts";
import { runCli } from "../test/run-cli.ts";

const odd = (name: string): string => `${name}\u001B[31m\nNo errors.`;
const asked = odd("asked");
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quadrille-visible-"));
  const contract = choreography(
    {
      [odd("A")]: {
        initial: odd("s"),
        states: {
          [odd("s")]: {
            commands: { [odd("go")]: [{ to: "t", emit: [asked], tally: { [odd("held")]: 1 } }] },
          },
          t: { lock: true, deadlines: { [odd("late")]: [{ to: "u" }] } },
          u: {},
        },
      },
      B: { initial: "s", states: { s: { on: { [asked]: "defer" } } } },
    },
    {
      commands: { [odd("go")]: 1 },
      ends: [end(odd("done"), { [odd("A")]: "u" }, { [odd("held")]: 1 })],
      forbidden: [{ name: odd("never"), states: { B: "s", [odd("A")]: "t" } }],
    },
  );
  await writeFile(join(folder, "odd.json"), JSON.stringify(contract));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ["check"],
  ["check --verbose"],
  ["check --mermaid"],
  ["check --json"],
  ["check --sarif"],
  ["mutate"],
  ["map"],
  ["map --mermaid"],
  ["map --json"],
  ["canvas"],
  ["canvas --markdown"],
  ["export --json"],
  ["export --mermaid"],
  ["export --promela"],
  ["export --tla"],
  ["export --asyncapi"],
])("a name with a line break and a colour is one of letters: %s", async (command) => {
  const { out, err } = await runCli([...command.split(" "), "odd.json"], { cwd: folder });
  expect(out.length).toBeGreaterThan(50);
  expect(`${out}${err}`).not.toContain("\u001B");
  expect(out.split("\n").filter((line) => line.startsWith("No errors."))).toEqual([]);
});
