// The checker's commands: what they print, what they exit with, and what they refuse.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "quadrille/check";
import { reference } from "../../quadrille/test/reference-choreographies.ts";
import { runCli, spawnCli } from "../test/run-cli.ts";
import { asks } from "../../quadrille/test/small-choreography.ts";

const file = (name: string): string => `packages/quadrille/test/choreographies/${name}.json`;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quadrille-check-"));
  const { participants, ...rest } = reference("create-order");
  await mkdir(join(folder, "running"));
  for (const [name, one] of Object.entries(participants)) {
    const form = { ...(name === "Order" ? rest : {}), participants: { [name]: one } };
    await writeFile(join(folder, `running/${name}.json`), JSON.stringify(form));
  }
  const tombstone = JSON.stringify(participants["Kitchen"]).replace(
    '"OrderRejected":[{"to":"REJECTED"}],',
    "",
  );
  await writeFile(join(folder, "forgetful.json"), `{"participants":{"Kitchen":${tombstone}}}`);
  const renamed = JSON.stringify(participants["Kitchen"]).replaceAll("CREATE_PENDING", "BEING_CREATED");
  await writeFile(join(folder, "renamed.json"), `{"participants":{"Kitchen":${renamed}}}`);
});
afterAll(() => rm(folder, { recursive: true }));

describe("check", () => {
  it("finds nothing wrong with this repository's choreography", async () => {
    const { code, out, err } = await spawnCli(["check"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("165 states, 324 transitions, all of them explored, in ");
    expect(out).toContain("Checked within this bound: 1 saga; createOrder 1×");
    expect(out).toContain("; each producer's messages in order, as on the engine; no faults; ");
    expect(out).toContain(
      "Ends: approved in 5 ways, rejected in 2 ways, cancelled in 2 ways, nothing in 1 way.",
    );
    expect(out).not.toMatch(/^(error|warning)/m);
  });

  it("shows the story of each error, and suggests what to do", async () => {
    const { code, out } = await spawnCli(["check", file("create-order-1-as-published")]);
    expect(code).toBe(1);
    expect(out).toContain("2 errors, 1 warning, ");
    expect(out).toMatch(
      /error P1 TicketCreated may reach Accounting in ABSENT.*\n {2}at \/participants\/Accounting\/states\/ABSENT\/on\/TicketCreated \(.*as-published\.json:\d+\)\n {4}1\. Order receives createOrder/,
    );
    expect(out).toMatch(/ {2}try this: defer/);
  });

  it("speaks JSON, with the same verdict", async () => {
    const { code, out } = await runCli([
      "check",
      "--json",
      "--channel",
      "bag",
      file("create-order-1-as-published"),
    ]);
    const report = JSON.parse(out) as Report;
    expect(code).toBe(1);
    expect(report).toMatchObject({ states: 25, transitions: 37, exhausted: true });
    expect(report.ends.map(({ name }) => name)).toEqual(["nothing", "approved", "rejected"]);
    expect(report.findings[0]).toMatchObject({
      code: "P1",
      severity: "error",
      at: "/participants/Accounting/states/ABSENT/on/TicketCreated",
    });
    expect(report.findings[0]?.path).toHaveLength(3);
  });

  it("composes the contracts of several repositories", async () => {
    const parts = (await readdir(join(folder, "running"))).map((name) => `running/${name}`);
    const { code, out } = await runCli(["check", ...parts], { cwd: folder });
    expect(code).toBe(0);
    expect(out).toContain("95 states, 198 transitions");
    const clash = await runCli(["check", "running/Kitchen.json", "forgetful.json"], { cwd: folder });
    expect(clash).toEqual({
      code: 2,
      out: "",
      err: "forgetful.json: participant Kitchen is declared twice, in different ways.\n",
    });
  });

  it("exits 1 when a bound is hit, unless that is allowed", async () => {
    const [hit, allowed] = await Promise.all([
      runCli(["check", "--bound", "states=10", file("order-lifecycle")]),
      runCli(["check", "--bound", "states=10", "--allow-unexhausted", file("order-lifecycle")]),
    ]);
    expect([hit?.code, allowed?.code]).toEqual([1, 0]);
    expect(hit?.out).toContain("not exhausted: the bound of states was hit");
  });

  it("counts warnings as findings only when asked to be strict", async () => {
    const [lax, strict] = await Promise.all([
      runCli(["check", file("create-order-5-tombstones")]),
      runCli(["check", "--strict", file("create-order-5-tombstones")]),
    ]);
    expect([lax?.code, strict?.code]).toEqual([0, 1]);
  });

  it("takes assumptions away, one by one", async () => {
    const [faulty, fifo] = await Promise.all([
      runCli(["check", "--json", "--faults", "duplicate=1,lost=1", "--no-timers", file("create-order")]),
      runCli([
        "check",
        "--json",
        "--channel",
        "fifo",
        "--defer",
        "block",
        "--sagas",
        "2",
        "--shared",
        "Consumer",
        "--allow-unexhausted",
        "--bound",
        "states=2000",
        file("create-order"),
      ]),
    ]);
    expect((JSON.parse(faulty?.out ?? "") as Report).bound).toMatchObject({
      faults: { duplicate: 1, lost: 1 },
      timers: false,
    });
    expect(faulty?.code).toBe(1);
    expect((JSON.parse(fifo?.out ?? "") as Report).bound).toMatchObject({
      channel: "fifo",
      defer: "block",
      sagas: 2,
      shared: ["Consumer"],
      states: 2_000,
    });
  });

  it("draws paths and speaks SARIF", async () => {
    const [mermaid, sarif] = await Promise.all([
      runCli(["check", "--channel", "bag", "--mermaid", file("create-order-1-as-published")]),
      runCli(["check", "--channel", "bag", "--sarif", file("create-order-1-as-published")]),
    ]);
    expect(mermaid?.out).toMatch(/^%% P1: TicketCreated may reach Accounting.*\nsequenceDiagram\n/);
    const log = JSON.parse(sarif?.out ?? "") as {
      version: string;
      runs: {
        results: {
          ruleId: string;
          level: string;
          locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
        }[];
      }[];
    };
    expect(log.version).toBe("2.1.0");
    expect(log.runs[0]?.results[0]).toMatchObject({ ruleId: "P1", level: "error" });
    expect(log.runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      file("create-order-1-as-published"),
    );
  });

  it("helps with examples that hold, and says what a module must not do", async () => {
    const [help, all] = await Promise.all([runCli(["check", "--help"]), runCli(["--help"])]);
    const words = help?.out.replaceAll(/\s+/g, " ");
    expect(words).toContain("A module is imported: keep a contract in one without side effects.");
    expect(words).toContain("(default: 1, or 2 where a participant is keyed and so shared)");
    expect(all?.out).not.toContain("A module is imported");
    expect(help?.out).toMatch(
      / {2}quadrille check shop\.json --sagas 2 --shared Stock {2,}two orders from one stock\n/,
    );
    // The participants of this project share nothing, and npm speaks before what it runs.
    expect(help?.out).not.toMatch(/Consumer|jq/);
    expect(help?.out).toMatch(
      / {2}quadrille check --json {2,}for programs; in an npm script, npm run -s keeps npm silent\n/,
    );
    const stock = asks({
      initial: "full",
      states: { full: { on: { Asked: [{ to: "full", emit: ["Answered"] }] } } },
    });
    const { A: Order, B: Stock } = stock.participants;
    const shop = {
      ...stock,
      participants: { Order, Stock },
      ends: [
        { name: "nothing", states: { Order: "s" } },
        { name: "taken", states: { Order: "done" } },
      ],
    };
    await writeFile(join(folder, "shop.json"), JSON.stringify(shop));
    const shared = await runCli(["check", "shop.json", "--sagas", "2", "--shared", "Stock"], { cwd: folder });
    expect(shared?.out).toContain("2 sagas that share Stock");
    expect(shared?.code).toBe(0);
  });

  it.each([
    [["--faults", "fire=1"], "Pairs such as duplicate=1 are expected"],
    [["--bound", "states=many"], "Pairs such as states=1 are expected"],
    [["--channel", "lifo"], "Allowed choices are fifo, partition, bag."],
    [["--sagas", "9"], "A whole number from 1 to 4 is expected."],
    [["--json", "--sarif"], "cannot be used with"],
  ])("refuses %j", async (args, sentence) => {
    const { code, out, err } = await runCli(["check", ...args]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(sentence);
  });
});

describe("check --write-tests", () => {
  it("writes a test for each error, which reads the contract where it is", async () => {
    const broken = reference("create-order-1-as-published");
    await writeFile(join(folder, "broken.json"), JSON.stringify(broken));
    const { code, err, out } = await runCli(
      ["check", "--channel", "bag", "--json", "--write-tests", "tests", "broken.json"],
      {
        cwd: folder,
      },
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ states: 25 });
    const names = [
      "p1-accounting-absent-ticket-created.test.ts",
      "p1-accounting-absent-consumer-verified.test.ts",
    ];
    expect(err).toBe(names.map((name) => `tests/${name}\n`).join(""));
    const text = await readFile(join(folder, "tests", names[0] ?? ""), "utf8");
    expect(text).toContain("//   1. Order receives createOrder: ABSENT → APPROVAL_PENDING");
    expect(text).toContain('new URL("../broken.json", import.meta.url)');
    expect(text).toContain('it("P1 does not happen: TicketCreated may reach Accounting in ABSENT');
  });

  it("imports a module and its services", async () => {
    const contract = JSON.stringify(join(import.meta.dirname, "../../quadrille/src/index.ts"));
    const broken = JSON.stringify(reference("create-order-1-as-published"));
    await mkdir(join(folder, "module"));
    await writeFile(
      join(folder, "module/saga.ts"),
      `import { fromJson } from ${contract};\nexport const saga = fromJson(${broken});\n`,
    );
    await writeFile(
      join(folder, "module/package.json"),
      '{"type":"module","quadrille":{"choreography":"saga.ts","services":"services.ts"}}',
    );
    await runCli(["check", "--write-tests", "tests"], { cwd: join(folder, "module") });
    const text = await readFile(
      join(folder, "module/tests/p1-accounting-absent-ticket-created.test.ts"),
      "utf8",
    );
    expect(text).toContain(
      'import { saga as choreography } from "../saga.ts";\nimport * as services from "../services.ts";\n',
    );
  });

  it("writes nothing where nothing is wrong", async () => {
    const { code, err } = await runCli([
      "check",
      "--write-tests",
      join(folder, "none"),
      file("create-order"),
    ]);
    expect([code, err, await readdir(join(folder, "none"))]).toEqual([0, "", []]);
  });
});

describe("check --watch", () => {
  it("checks again when the file changes, and survives a mistake in it", async () => {
    const path = join(folder, "watched.json");
    const good = await readFile(
      join(import.meta.dirname, "../../quadrille/test/choreographies/create-order.json"),
      "utf8",
    );
    await writeFile(path, good);
    const main = join(import.meta.dirname, "main.ts");
    const child = spawn(process.execPath, ["--conditions=quadrille-source", main, "check", "--watch", path], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    const waiting = new Set<() => void>();
    const hear = (data: Buffer): void => {
      printed += data.toString();
      for (const look of waiting) look();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    const until = (text: string): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (): void => {
        if (!printed.includes(text)) return;
        printed = printed.slice(printed.indexOf(text) + text.length);
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      return promise;
    };
    try {
      await until("Watching");
      expect(printed).toBe("; Ctrl-C ends.\n");
      await writeFile(path, "{");
      await until("watched.json is not JSON");
      await until("Watching");
      await writeFile(path, good);
      await until("95 states, 198 transitions");
    } finally {
      child.kill();
    }
  });
});

describe("can-deploy", () => {
  const running = [
    "--with",
    "running/Order.json",
    "running/Consumer.json",
    "running/Kitchen.json",
    "running/Accounting.json",
  ];
  const ask = (args: readonly string[]) => runCli(["can-deploy", ...args, ...running], { cwd: folder });

  it("says safe, drain first or no, and shows the path that breaks", async () => {
    await writeFile(join(folder, "nothing-in-flight.json"), "[]");
    const [same, forgetful, renamed, drained] = await Promise.all([
      ask(["running/Kitchen.json"]),
      ask(["forgetful.json"]),
      ask(["renamed.json"]),
      ask(["renamed.json", "--in-flight", "nothing-in-flight.json"]),
    ]);
    expect(same?.out).toMatch(
      /^safe for running\/Kitchen\.json: safe from the beginning and from 115 states in flight/,
    );
    expect(forgetful?.out).toMatch(
      /^no for forgetful\.json: new sagas break: OrderRejected (may reach|reaches) Kitchen in ABSENT/,
    );
    expect(forgetful?.out).toMatch(/ {4}1\. Order receives createOrder/);
    expect(renamed?.out).toMatch(
      /^drain first for renamed\.json: a saga in flight does not fit: Kitchen has no state CREATE_PENDING any more/,
    );
    expect([same?.code, forgetful?.code, renamed?.code, drained?.code]).toEqual([0, 1, 1, 0]);
  });

  it("refuses what it cannot read in a sentence", async () => {
    await writeFile(join(folder, "wrong.json"), '[\n{"states":{}, "message": []}]');
    const [absent, wrong, none] = await Promise.all([
      ask(["renamed.json", "--in-flight", "absent.json"]),
      ask(["renamed.json", "--in-flight", "wrong.json"]),
      runCli(["can-deploy", "renamed.json"], { cwd: folder }),
    ]);
    expect(absent).toMatchObject({ code: 2, err: "absent.json cannot be read.\n" });
    const unknown =
      'at /0/message (wrong.json:2): a state in flight has the unknown key "message"; known are states, messages, tally, commands';
    expect(wrong).toMatchObject({ code: 2, err: `wrong.json ${unknown}.\n` });
    expect(none?.err).toContain("--with <contracts...>' not specified");
  });
});

describe("export", () => {
  it("writes each form", async () => {
    const [promela, tla, asyncapi, mermaid, json] = await Promise.all(
      ["promela", "tla", "asyncapi", "mermaid", "json"].map((format) =>
        runCli(["export", `--${format}`, "apps/pizza-place"]),
      ),
    );
    expect(promela?.out).toMatch(/proctype|active/);
    expect(tla?.out).toMatch(/^---- MODULE Choreography ----/);
    expect(mermaid?.out).toMatch(/^flowchart/);
    expect(mermaid?.out).toBe((await runCli(["map", "--mermaid"])).out);
    const document = JSON.parse(asyncapi?.out ?? "") as {
      asyncapi: string;
      components: { messages: Record<string, { payload?: { type: string } }> };
    };
    expect(document.asyncapi).toBe("3.0.0");
    expect(document.components.messages["TicketCreated"]?.payload).toMatchObject({ type: "object" });
    await writeFile(join(folder, "exported.json"), json?.out ?? "");
    const again = await runCli(["check", "exported.json"], { cwd: folder });
    expect(again.out).toContain("165 states, 324 transitions");
    expect(JSON.parse(json?.out ?? "")).toMatchObject({ name: "Create Order" });
  });

  it("writes files into a folder, and wants one format", async () => {
    const out = await runCli(
      [
        "export",
        "--tla",
        "--out",
        "model",
        "running/Order.json",
        "running/Consumer.json",
        "running/Kitchen.json",
        "running/Accounting.json",
      ],
      { cwd: folder },
    );
    expect(out).toMatchObject({ code: 0, out: "model/Choreography.tla\nmodel/Choreography.cfg\n" });
    expect(await readFile(join(folder, "model/Choreography.cfg"), "utf8")).toMatch(/SPECIFICATION|INIT/);
    const [none, two] = await Promise.all([runCli(["export"]), runCli(["export", "--json", "--tla"])]);
    expect([none?.code, two?.code]).toEqual([2, 2]);
    expect(none?.err).toBe("Name one format: --promela, --tla, --asyncapi, --mermaid, --json.\n");
  });
});
