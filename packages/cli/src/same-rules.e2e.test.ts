// A contract in the JSON form is held to the rules that an engine holds a value to, and says so before it is
// explored.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, runCli } from "../test/run-cli.ts";
import { fromJson } from "quadrille/tooling";
import { type ChoreographyJson, memoryDatabase, startEngine, type StateJson } from "quadrille";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quadrille-same-rules-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Two participants, A as given and B, which takes E. */
function contract(states: Readonly<Record<string, StateJson>>, name = "A"): ChoreographyJson {
  return {
    name: "x",
    participants: {
      [name]: { initial: Object.keys(states)[0] ?? "", states },
      B: { initial: "s", states: { s: { on: { E: [{ to: "t" }] } }, t: { on: { E: "ignore" } } } },
    },
    commands: { go: 1 },
    publicEvents: [],
    ends: [],
    forbidden: [],
  };
}

const go = [{ to: "t", emit: ["E"] }];
const deadlines = { soon: [{ to: "t" }], late: [{ to: "t" }] };
const taken = { ...contract({ s: { commands: { go } }, t: {} }) };

const malformed: readonly (readonly [code: string, ChoreographyJson])[] = [
  ["W01", contract({ s: { commands: { go: [{ to: "gone" }] } }, t: {} })],
  ["W02", { ...taken, participants: { A: { initial: "gone", states: { s: { commands: { go } }, t: {} } } } }],
  ["W08", contract({ s: { commands: { go } }, t: { activities: deadlines } })],
  ["W09", contract({ s: { commands: { go } }, t: { deadlines } })],
  [
    "W09",
    contract({
      s: { commands: { go } },
      t: { deadlines: { soon: [{ to: "t" }] }, timeouts: { late: [{ to: "t" }] } },
    }),
  ],
  [
    "W10",
    {
      ...taken,
      participants: {
        ...taken.participants,
        C: { initial: "s", states: { s: { commands: { go: [{ to: "s" }] } } } },
      },
    },
  ],
  ["W11", { ...taken, ends: [{ name: "done", states: { Gone: "t" } }] }],
  ["W11", { ...taken, forbidden: [{ name: "no", states: { A: "gone" } }] }],
  ["W13", contract({ s: { commands: { go } }, t: {} }, "A/b")],
  ["W13", contract({ s: { commands: { go } }, t: {} }, "A#2")],
  ["W13", contract({ s: { commands: { go } }, t: {} }, "")],
  ["W13", contract({ s: { commands: { go: [{ to: "t", emit: ["E", "E+F"] }] } }, t: {} })],
  ["W13", contract({ s: { commands: { go } }, t: {}, "t/u": {} })],
  ["W14", contract({ s: { commands: { go: [{ to: "t", emit: ["E", "E"] }] } }, t: {} })],
  ["W18", contract({ s: { commands: { go: [] } }, t: {} })],
  ["W28", { ...taken, participants: {}, commands: {} }],
  [
    "W22",
    {
      ...taken,
      commands: { go: 1, ask: 1 },
      participants: {
        ...taken.participants,
        C: {
          initial: "s",
          keyed: true,
          keys: ["E"],
          states: { s: { on: { E: [{ to: "s" }] }, commands: { ask: [{ to: "s" }] } } },
        },
      },
    },
  ],
];

describe("a contract that no engine starts", () => {
  it.each(malformed.map(([code, json], index) => ({ code, json, index })))(
    "is not checked either: $code, $index",
    async ({ code, json, index }) => {
      const file = join(folder, `${index}.json`);
      await writeFile(file, JSON.stringify(json));
      const ran = await runCli(["check", "--strict", file]);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toContain(`(${code})`);
      const started = startEngine({ choreography: fromJson(json), services: [], database: memoryDatabase() });
      await expect(started).rejects.toMatchObject({ code: "Q_CONTRACT_MALFORMED" });
    },
  );
});

describe("a contract with something odd", () => {
  const odd = contract({ s: { commands: { go: [{ to: "t", emit: ["E", "Lonely"] }] } }, t: {} });

  const early = contract({ s: { commands: { go }, deadlines: { soon: [{ to: "t" }] } }, t: {} });
  const unstarted = "A in s waits for soon, which nothing starts in an initial state";

  it("is checked, with its warnings beside the findings", async () => {
    const file = join(folder, "odd.json");
    await writeFile(file, JSON.stringify(early));
    const { out } = await runCli(["check", file]);
    expect(out).toContain(`The contract itself: 1 warning.\n\nwarning W19 ${unstarted}\n`);
    const json = JSON.parse((await runCli(["check", "--json", file])).out) as Record<string, unknown>;
    expect(json["warnings"]).toMatchObject([{ code: "W19", severity: "warning" }]);
    expect((await runCli(["check", "--strict", file])).code).toBe(1);
  });

  it("is said once, where the check finds it itself", async () => {
    const file = join(folder, "lonely.json");
    await writeFile(file, JSON.stringify({ ...odd, publicEvents: ["Absent"] }));
    const { out } = await runCli(["check", file]);
    expect(out).toContain("warning P7 Lonely is published by A, and no participant subscribes to it");
    expect(out).toContain("the public event Absent is published by no participant");
    expect(out).not.toMatch(/W04|W05|The contract itself/);
    expect((await runCli(["check", "--strict", file])).code).toBe(1);
  });

  it("reports them to a code host, too", async () => {
    const file = join(folder, "odd-too.json");
    await writeFile(file, JSON.stringify(early));
    const log = JSON.parse((await runCli(["check", "--sarif", file])).out) as {
      readonly runs: readonly [
        {
          readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
          readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number }[];
        },
      ];
    };
    const [{ tool, results }] = log.runs;
    expect(results).toContainEqual(
      expect.objectContaining({
        ruleId: "W19",
        level: "warning",
        message: { text: unstarted },
      }),
    );
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it("may be deployed, and what is newly odd is reported; what no engine starts may not", async () => {
    const [running, next] = ["running-odd.json", "next-odd.json"].map((name) => join(folder, name));
    const sound = contract({ s: { commands: { go: [{ to: "t", emit: ["E"] }] } }, t: {} });
    await writeFile(running ?? "", JSON.stringify(sound));
    const ask = async (form: object): Promise<Ran> => {
      await writeFile(next ?? "", JSON.stringify(form));
      return runCli(["can-deploy", next ?? "", "--with", running ?? ""]);
    };
    const ran = await ask({ participants: { A: odd.participants["A"] } });
    expect(ran.out).toMatch(/^safe for /);
    expect(ran.out).toContain(
      "warning W04 A emits Lonely, which no participant takes and which is not public; at /participants/A/",
    );
    expect((await ask({ participants: { A: sound.participants["A"] } })).out).not.toContain("warning");
    const twice = contract({ s: { commands: { go: [{ to: "t", emit: ["E", "E"] }] } }, t: {} });
    const refused = await ask({ participants: { A: twice.participants["A"] } });
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toMatch(
      /^With .*next-odd\.json in its place, the choreography at .*\(W14\)\. Payloads are given .*\n$/,
    );
  });

  it("with a key twice in an object is refused, with line and column", async () => {
    const file = join(folder, "twice.json");
    const text = JSON.stringify(odd, undefined, 1).replace(
      '"publicEvents"',
      '"commands": {},\n "publicEvents"',
    );
    await writeFile(file, text);
    const { code, err } = await runCli(["check", file]);
    expect(code).toBe(2);
    expect(err).toMatch(
      /twice\.json has one name twice: at line \d+, column 2, the name "commands" stands a second time/,
    );
  });
});

it("a module with several choreographies is checked for one of them, and the others are named", async () => {
  const index = JSON.stringify(join(import.meta.dirname, "../../quadrille/src/index.ts"));
  const file = join(folder, "two.ts");
  const forms = ["first", "second"].map((name) => ({ ...taken, name }));
  const exports = forms.map((form, at) => `export const c${at} = fromJson(${JSON.stringify(form)});`);
  await writeFile(file, [`import { fromJson } from ${index};`, ...exports].join("\n"));
  const { out, err } = await runCli(["check", file]);
  expect(out).toContain("first (");
  expect(err).toMatch(
    /two\.ts exports several choreographies\. This is about first; second is left out: give each/,
  );
});
