// The command line itself, map and canvas, and every kind of input that is no choreography.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { referenceJson } from "../../quadrille/test/reference-choreographies.ts";
import { type Ran, runCli } from "../test/run-cli.ts";

const choreographies = "packages/quadrille/test/choreographies";
const contract = join(import.meta.dirname, "../../quadrille/src/index.ts");

describe("the command", () => {
  it("helps, with examples, and says its exit codes", async () => {
    const help = await runCli(["--help"]);
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toContain("Exit codes: 0 done, 1 findings");
    expect(await runCli([])).toMatchObject({ code: 2, out: "" });
  });

  it.each(["map", "canvas", "sagas", "saga", "parked", "redrive", "discard"])(
    "helps with %s",
    async (name) => {
      const { code, out } = await runCli([name, "--help"]);
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`Examples:\\n  quadrille ${name}`));
    },
  );

  it.each([
    [["mapp"], "Did you mean map?"],
    [["map", "--jsno"], "Did you mean --json?"],
    [["map", "--json", "--mermaid"], "cannot be used with"],
    [["map", "one.json", "two.json"], "too many arguments"],
    [["map", "one.json", "-c", "two.json"], "Name one choreography: one.json, or --choreography two.json."],
    [["map", "extra.json"], "extra.json does not exist."],
    [["saga"], "missing required argument 'id'"],
    [["sagas", "--limit", "0"], "A whole number from 1 to 1000 is expected."],
    [["discard", "A", "b"], "--reason <text>' not specified"],
    [["discard", "A", "b", "--reason", " "], "It must not be empty."],
    [["parked", "--reason", "lost"], "Allowed choices are deferred, retrying, waiting, dead, discarded."],
  ])("refuses %j in a sentence", async (args, sentence) => {
    const { code, out, err } = await runCli(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(sentence);
  });
});

describe("map and canvas", () => {
  it("draw the choreography of this repository by default", async () => {
    const { code, out, err } = await runCli(["map"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Create Order\n\n +Order +Consumer +Kitchen +Accounting\n createOrder ─+▶/);
    expect(out).not.toContain("\u001B[");
  });

  it.each(["map", "canvas"])("%s takes a file as check does, too", async (command) => {
    const path = `${choreographies}/create-order.json`;
    const [argument, option] = await Promise.all([runCli([command, path]), runCli([command, "-c", path])]);
    expect(argument).toEqual({ code: 0, out: option.out, err: "" });
  });

  it("speak JSON", async () => {
    const [map, canvas] = await Promise.all([runCli(["map", "--json"]), runCli(["canvas", "--json"])]);
    expect(JSON.parse(map.out)).toMatchObject({
      name: "Create Order",
      participants: ["Order", "Consumer", "Kitchen", "Accounting"],
    });
    expect(canvas.out).toContain('"number": 1');
  });

  it.each([
    ["one choreography", "packages/quadrille/test/choreographies/order-lifecycle.json"],
    ["a system", "docs/examples/guide/loyalty-points.ts"],
  ])("draw the same map as an export, of %s", async (_, file) => {
    const [map, exported] = await Promise.all([
      runCli(["map", "--mermaid", "-c", join(import.meta.dirname, "../../..", file)]),
      runCli(["export", "--mermaid", join(import.meta.dirname, "../../..", file)]),
    ]);
    expect(map.out).toMatch(/^flowchart LR\n/);
    expect(exported).toEqual(map);
  });

  it("draw for documents", async () => {
    const from = ["-c", `${choreographies}/order-lifecycle.json`];
    const [map, canvas] = await Promise.all([
      runCli(["map", "--mermaid", ...from]),
      runCli(["canvas", "--markdown", ...from]),
    ]);
    expect(map.out).toMatch(/^flowchart LR\n/);
    expect(canvas.out).toMatch(/^# order lifecycle\n\n\| step \|/);
  });

  it("take a folder, a module or a file, from wherever they are called", async () => {
    const cwd = join(import.meta.dirname, "../../quadrille/test");
    const same = await Promise.all([
      runCli(["map", "-c", "../../../apps/pizza-place"], { cwd }),
      runCli(["map", "-c", "../../../apps/pizza-place/src/choreography.ts"], { cwd }),
      runCli(["map"], { cwd }),
    ]);
    expect(new Set(same.map(({ out }) => out)).size).toBe(1);
    const file = await runCli(["map", "-c", "choreographies/create-order.json"], { cwd });
    expect(file.code).toBe(0);
  });
});

describe("what is no choreography", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "quadrille-cli-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** `create-order` with one piece of its text replaced. */
  function changed(piece: string, by: string): string {
    const text = JSON.stringify(referenceJson("create-order"));
    if (!text.includes(piece)) throw new Error(`there is no ${piece}`);
    return text.replace(piece, by);
  }
  const created = '"createOrder":[{"to":"APPROVAL_PENDING","emit":["OrderCreated"]}]';

  const module = (text: string): string =>
    `import { choreography, command, event, on, participant, to } from ${JSON.stringify(contract)};\n${text}`;
  const cases: Readonly<Record<string, readonly [content: string | Buffer, sentence: string | RegExp]>> = {
    "empty.json": ["", "empty.json is empty."],
    "blank.json": [" \n", "blank.json is empty."],
    "broken.json": ["{", /^broken\.json is not JSON: .+\.\n$/],
    "binary.json": [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), "binary.json is not a text file."],
    "large.json": [
      `{"name": "${"x".repeat(10 * 1_024 * 1_024)}"}`,
      "large.json has 10.0 MB; a choreography has at most 4.0 MB.",
    ],
    "list.json": ["[]", /^list\.json: .*must be an object.*\.\n$/],
    "initial.json": [
      changed('"Order":{"initial":"ABSENT",', '"Order":{'),
      /^initial\.json at \/participants\/Order.*initial state.*\n$/,
    ],
    "state.json": [
      changed('"states":{"Order":"APPROVED"', '"states":{"Order":"DELIVERED"'),
      /^state\.json at \/ends\/1.*Order in DELIVERED, which is not one of its states.*\n$/,
    ],
    "nowhere.json": [changed(created, '"createOrder":[{}]'), /^nowhere\.json at .*goes nowhere.*\n$/],
    "unknown.json": [
      changed(created, '"createOrder":[{"to":"MARS"}]'),
      /^unknown\.json at .*MARS, which is not a state of Order.*\n$/,
    ],
    "throws.ts": [
      "throw new Error('no luck today');",
      "throws.ts cannot be loaded: no luck today (throws.ts:1).",
    ],
    "syntax.ts": ["export default {", /^syntax\.ts cannot be loaded: .+\n$/],
    "missing.ts": [
      "import './elsewhere.ts';",
      /^missing\.ts cannot be loaded: Cannot find module .*elsewhere\.ts.*\n$/,
    ],
    "nothing.ts": [
      "export const a = 1;",
      "nothing.ts exports no choreography: export the value that choreography(…) returns.",
    ],
    "cyclic.ts": [
      "const states: Record<string, unknown> = {}; states.A = states; export default { participants: { P: { initial: 'A', states } } };",
      /^cyclic\.ts at \/participants\/P.*\n$/,
    ],
    "malformed.ts": [
      module(
        "const E = event('E');\nconst P = participant('P', { entity: 'P', initial: 'A', states: { A: [on(E, to('A')), on(E, to('A'))] } });\nexport default choreography('C', { participants: [P], ends: {} });",
      ),
      "malformed.ts at /participants/P/states/A/on/E (malformed.ts:3): P in A says 2 things about E: on, on (W06). Keep one of the two; a sentence with `once` stands after the plain one about the same event.",
    ],
  };

  it.concurrent.each(Object.entries(cases))(
    "is refused in one sentence: %s",
    async (name, [content, sentence]) => {
      await writeFile(join(folder, name), content);
      const ran = await runCli(["map", "-c", name], { cwd: folder });
      expectOneSentence(ran);
      if (typeof sentence === "string") expect(ran.err).toBe(`${sentence}\n`);
      else expect(ran.err).toMatch(sentence);
    },
  );

  it("may be missing, a folder without one, or not named at all", async () => {
    await mkdir(join(folder, "bare"), { recursive: true });
    await mkdir(join(folder, "wrong"), { recursive: true });
    await writeFile(join(folder, "wrong/package.json"), '{"quadrille": {"choreography": "gone.ts"}}');
    const [missing, bare, wrong, unnamed] = await Promise.all([
      runCli(["map", "-c", "absent.json"], { cwd: folder }),
      runCli(["map", "-c", "bare"], { cwd: folder }),
      runCli(["map", "-c", "wrong"], { cwd: folder }),
      runCli(["map"], { cwd: folder }),
    ]);
    for (const ran of [missing, bare, wrong, unnamed]) if (ran !== undefined) expectOneSentence(ran);
    expect(missing?.err).toBe("absent.json does not exist.\n");
    expect(bare?.err).toContain('bare has no choreography: neither the field "quadrille.choreography"');
    expect(wrong?.err).toContain("names gone.ts as its choreography, which does not exist");
    expect(unnamed?.err).toContain("Which choreography?");
  });
});

function expectOneSentence({ code, out, err }: Ran): void {
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(err).not.toContain("    at ");
}
