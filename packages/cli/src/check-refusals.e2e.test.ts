// What the checker's commands do not take, and the sentence with which they say so.
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reference } from "../../quadrille/test/reference-choreographies.ts";
import { runCli, spawnCli } from "../test/run-cli.ts";

const index = JSON.stringify(join(import.meta.dirname, "../../quadrille/src/index.ts"));
const builders = `import { choreography, command, on, participant, to } from ${index};`;
const file = (name: string): string => `packages/quadrille/test/choreographies/${name}.json`;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quadrille-refusals-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a participant to be shared that there is not", () => {
  it.each([
    ["check", "--sagas", "2"],
    ["mutate", "--sagas", "2"],
    ["export", "--promela"],
    ["export", "--json"],
  ])("is refused by %s %s, with those there are", async (...args) => {
    const { code, out, err } = await runCli([...args, "--shared", "Kitchen,Nope", file("create-order")]);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: "",
      err: `${file("create-order")} has no participant Nope that could be shared: there are Order, Consumer, Kitchen and Accounting.\n`,
    });
  });

  it("is of no use with one saga, which is refused", async () => {
    const { code, err } = await runCli(["check", "--shared", "Kitchen", file("create-order")]);
    expect([code, err]).toEqual([2, "One saga shares nothing: --shared goes with --sagas 2 or more.\n"]);
  });

  it("is not refused for a space after a comma", async () => {
    const args = [
      "--sagas",
      "2",
      "--shared",
      "Kitchen, Order",
      "--allow-unexhausted",
      "--bound",
      "states=100",
    ];
    const { err } = await runCli(["check", ...args, file("create-order")]);
    expect(err).toBe("");
  });
});

describe.concurrent("a module that does more than export", () => {
  const exported = `import { fromJson } from ${index};
export const saga = fromJson(${JSON.stringify(reference("create-order"))});
`;

  it.each([0, 1, 7])("and ends the process with %i is no green check", async (exitCode) => {
    const name = `ends-${exitCode}.ts`;
    await writeFile(join(folder, name), `${exported}process.exit(${exitCode});\n`);
    expect(await spawnCli(["check", name], { cwd: folder })).toEqual({
      code: 2,
      out: "",
      err: `${name} ended the process while it was loaded: keep the choreography in a module of its own that only exports it, and start the program elsewhere.\n`,
    });
  });

  it("is named where the contracts of several are composed", async () => {
    await writeFile(join(folder, "good.ts"), exported);
    await writeFile(join(folder, "bad.ts"), "process.exit();\n");
    const { code, err } = await spawnCli(["check", "good.ts", "bad.ts", "good.ts"], { cwd: folder });
    expect(code).toBe(2);
    expect(err).toMatch(/^bad\.ts ended the process[^\n]*\n$/);
  });

  it.each([
    ["computes for ever", "for (;;) {}\n"],
    ["never finishes loading", "await new Promise((resolve) => setTimeout(resolve, 60_000));\n"],
  ])("and %s is given up after the limit, in one sentence", async (what, code) => {
    const name = `${what.replaceAll(" ", "-")}.ts`;
    await writeFile(join(folder, name), `${exported}${code}`);
    const result = await spawnCli(["check", "--load-seconds", "1", name], { cwd: folder });
    expect(result).toEqual({
      code: 2,
      out: "",
      err: `${name} did not finish loading within 1 s (--load-seconds): keep the choreography in a module of its own that only exports it, and start the program elsewhere.\n`,
    });
  });

  it.each([
    [
      "a sentence without its list",
      `${builders} const one = participant("One", { entity: "One", initial: "s", states: { s: on(command("go"), to("s")) } });
       export const saga = choreography("Saga", { participants: [one], ends: {} });`,
      "cannot be loaded: Saga at /participants/0/states/s: a state is a list of sentences, [on(…), …] or lock([on(…), …]), not an object",
    ],
    [
      "a value that no constructor made",
      'export const saga = { kind: "choreography", name: "Saga", participants: [{ kind: "participant", name: "One" }] };',
      "at /participants/0/entity: the entity of a participant is a text, not nothing",
    ],
  ])("that exports %s is refused with the place", async (what, code, message) => {
    const name = `${what.replaceAll(" ", "-")}.ts`;
    await writeFile(join(folder, name), code);
    const { code: exit, err } = await runCli(["check", name], { cwd: folder });
    expect([exit, err]).toEqual([2, expect.stringContaining(`${name} ${message}`)]);
  });

  it("whose exports throw when they are looked at is refused in a sentence", async () => {
    await writeFile(
      join(folder, "throws.ts"),
      'export const saga = { name: "x", get participants() { throw new Error("no oven"); } };\n',
    );
    const result = await runCli(["check", "throws.ts"], { cwd: folder });
    expect(result).toEqual({
      code: 2,
      out: "",
      err: "throws.ts exports a value that cannot be read: no oven.\n",
    });
  });

  it("and ends the process later, before or after the verdict, does not make it green", async () => {
    const broken = `import { fromJson } from ${index};
export const saga = fromJson(${JSON.stringify(reference("create-order-1-as-published"))});
`;
    const { Kitchen } = reference("create-order-1-as-published").participants;
    await writeFile(join(folder, "kitchen.json"), JSON.stringify({ participants: { Kitchen } }));
    await writeFile(join(folder, "late.ts"), `${broken}process.nextTick(() => process.exit(0));\n`);
    await writeFile(join(folder, "later.ts"), `${broken}setImmediate(() => process.exit(0));\n`);
    const [before, after] = await Promise.all([
      spawnCli(["check", "late.ts", "kitchen.json"], { cwd: folder }),
      spawnCli(["check", "later.ts"], { cwd: folder }),
    ]);
    expect(before).toEqual({
      code: 2,
      out: "",
      err: "The process ended before the command was done, most likely by code of a module that it loaded: keep the choreography in a module of its own that only exports it, and start the program elsewhere.\n",
    });
    expect(after?.code).toBe(1);
    expect(after?.out).toContain("2 errors, 1 warning");
  });

  it("and keeps something running does not keep the command from its end", async () => {
    await writeFile(join(folder, "runs.ts"), `${exported}setInterval(() => undefined, 1_000);\n`);
    const { code, out } = await spawnCli(["check", "runs.ts"], { cwd: folder });
    expect(code).toBe(0);
    expect(out).toContain("95 states, 198 transitions");
  });
});

describe("participants without a choreography", () => {
  const { Kitchen, Order } = reference("create-order").participants;
  const code = `${builders}
const go = command("go");
export const one = participant("One", { entity: "One", initial: "s", states: { s: [on(go, to("t"))], t: [] } });
const saga = choreography("Saga", { participants: [one], ends: { done: { One: "t" } } });
`;

  it.each(["check", "mutate"])("are not judged by %s as if nothing could happen", async (command) => {
    await writeFile(join(folder, "forgot.ts"), code);
    await writeFile(join(folder, "kitchen-alone.json"), JSON.stringify({ participants: { Kitchen } }));
    await writeFile(join(folder, "order-alone.json"), JSON.stringify({ participants: { Order } }));
    const [module, file, both] = await Promise.all([
      runCli([command, "forgot.ts"], { cwd: folder }),
      runCli([command, "kitchen-alone.json"], { cwd: folder }),
      runCli([command, "kitchen-alone.json", "order-alone.json"], { cwd: folder }),
    ]);
    expect(module).toEqual({
      code: 2,
      out: "",
      err: "forgot.ts exports participants and no choreography: export the value that choreography(…) returns, or name the file that says the ends, too.\n",
    });
    const neither = 'neither "ends" nor "commands": name the file that does, too.\n';
    expect(file).toEqual({ code: 2, out: "", err: `kitchen-alone.json says ${neither}` });
    expect(both?.err).toBe(`kitchen-alone.json + order-alone.json say ${neither}`);
  });

  it("may be drawn, explained and exported", async () => {
    await writeFile(join(folder, "part.ts"), code);
    const [map, form] = await Promise.all([
      runCli(["map", "part.ts"], { cwd: folder }),
      runCli(["export", "--json", "part.ts"], { cwd: folder }),
    ]);
    expect([map?.code, form?.code]).toEqual([0, 0]);
  });
});

describe.runIf(existsSync("/dev/full"))("output that cannot be written", () => {
  it("is no green check", async () => {
    await writeFile(join(folder, "whole.json"), JSON.stringify(reference("create-order")));
    const full = openSync("/dev/full", "w");
    const args = [
      "--conditions=quadrille-source",
      join(import.meta.dirname, "main.ts"),
      "check",
      "whole.json",
    ];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect(stderr).toMatch(/^The output cannot be written: .*ENOSPC.*\n$/);
    expect(status).toBe(1);
  });
});

describe("an empty path", () => {
  it.each([
    [["check", ""]],
    [["check", "--watch", ""]],
    [["map", "--choreography", ""]],
    [["can-deploy", "", "--with", file("create-order")]],
    [["can-deploy", file("create-order"), "--with", ""]],
  ])("is not taken for the project's own choreography: %j", async (args) => {
    expect(await runCli(args)).toEqual({
      code: 2,
      out: "",
      err: "A path is empty: name a module, a JSON file or a folder, or leave it out for the choreography of this project.\n",
    });
  });
});

describe("a file that is not JSON", () => {
  it("is refused with the place and the reason, wherever JSON is read", async () => {
    await writeFile(join(folder, "a.json"), "not json.\n{}");
    await mkdir(join(folder, "package"));
    await writeFile(join(folder, "package/package.json"), '{\n  "quadrille": {},\n}\n');
    const [check, inFlight, config] = await Promise.all([
      runCli(["check", "a.json"], { cwd: folder }),
      runCli([
        "can-deploy",
        file("create-order"),
        "--with",
        file("create-order"),
        "--in-flight",
        `${folder}/a.json`,
      ]),
      runCli(["check"], { cwd: join(folder, "package") }),
    ]);
    const reason = 'is not JSON: at line 1, column 1, a value is expected before "n".\n';
    expect(check).toEqual({ code: 2, out: "", err: `a.json ${reason}` });
    expect(inFlight).toEqual({ code: 2, out: "", err: `${folder}/a.json ${reason}` });
    expect(config).toEqual({
      code: 2,
      out: "",
      err: `${folder}/package/package.json is not JSON: at line 3, column 1, a name in quotes is expected before "}".\n`,
    });
  });
});

describe("what is no contract at all", () => {
  it("a named pipe is refused, and not waited for", async () => {
    const pipe = join(folder, "pipe.json");
    execFileSync("mkfifo", [pipe]);
    const { code, out, err } = await runCli(["check", pipe], { cwd: folder });
    expect([code, out, err]).toEqual([
      2,
      "",
      "pipe.json is a named pipe and no file: write it to a file first.\n",
    ]);
  });

  it("a value whose getter throws is refused in a sentence", async () => {
    await writeFile(
      join(folder, "getter.ts"),
      'export const saga = { get kind() { throw new Error("no"); } };\n',
    );
    const { code, err } = await runCli(["check", "getter.ts"], { cwd: folder });
    expect([code, err]).toEqual([2, "getter.ts exports a value that cannot be read: no.\n"]);
  });

  it.each([
    ["--faults", "duplicate=99", "duplicate must be a whole number from 0 to 7, not 99.\n"],
    ["--bound", "seconds=0", "seconds must be a whole number from 1, not 0.\n"],
    ["--bound", "cap=0", "cap must be a whole number from 1 to 255, not 0.\n"],
    ["--bound", "cap=1000", "cap must be a whole number from 1 to 255, not 1000.\n"],
  ])("a bound out of range is refused, not changed: %s %s", async (option, value, message) => {
    const { code, err } = await runCli(["check", option, value, file("create-order")]);
    expect([code, err]).toEqual([2, message]);
  });

  it("a bound that is no whole number is refused, with what is expected", async () => {
    const { code, err } = await runCli(["check", "--bound", "seconds=1.5", file("create-order")]);
    expect(code).toBe(2);
    expect(err).toContain(
      "Pairs such as states=1 are expected, with states, plain, bytes, cap, seconds and a whole number.",
    );
  });
});
