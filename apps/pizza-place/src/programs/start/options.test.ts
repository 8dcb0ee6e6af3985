// The command line: what is understood, and the sentence for each mistake.
import { describe, expect, it } from "vitest";
import { auditHelp, help, readAuditOptions, readOptions } from "./options.ts";

describe("the options", () => {
  it("have defaults", () => {
    expect(readOptions([], {})).toEqual({
      orders: 1_000,
      rate: 50,
      time: undefined,
      database: { dataFolder: ".quadrille", url: undefined, isFromEnvironment: false },
      port: 4_040,
      reset: false,
      once: false,
      seed: undefined,
      contract: undefined,
      approvalAbove: 100_00,
      cancels: 0.02,
      revisions: 0.03,
    });
  });

  it("are all understood", () => {
    const args =
      "--orders all --rate max --time machine --database postgresql://me@host/db --port 0 --data-folder here --reset --once";
    const life = "--contract careful --approve-above 50 --cancels 10 --revisions 0.5";
    expect(readOptions([...args.split(" "), "--seed=7", ...life.split(" ")], {})).toEqual({
      orders: "all",
      rate: "max",
      time: "machine",
      database: { dataFolder: "here", url: "postgresql://me@host/db", isFromEnvironment: false },
      port: 0,
      reset: true,
      once: true,
      seed: 7,
      contract: "careful",
      approvalAbove: 50_00,
      cancels: 0.1,
      revisions: 0.005,
    });
    expect(readOptions(["--rate", "0.5/s"])).toMatchObject({ rate: 0.5 });
    expect(readOptions(["--rate", "200"])).toMatchObject({ rate: 200 });
  });

  it("give help before anything else", () => {
    expect(readOptions(["--help", "--orders", "many"])).toBe("help");
    expect(readAuditOptions(["-h"])).toBe("help");
    for (const option of [
      "orders",
      "rate",
      "time",
      "database",
      "data-folder",
      "port",
      "seed",
      "reset",
      "once",
      "cancels",
      "revisions",
      "contract",
      "approve-above",
    ]) {
      expect(help).toContain(`--${option}`);
    }
  });

  const mistakes: readonly (readonly [string, RegExp])[] = [
    [
      "--orders many",
      /^--orders is "many": the year has 21350 orders, give a whole number up to that or "all"\.$/,
    ],
    ["--orders 21351", /^--orders is "21351": the year has 21350 orders, /],
    ["--orders -5", /^--orders is "-5": the year has 21350 orders, /],
    ["--port -1", /^--port is "-1": give a whole number from 0 to 65535\.$/],
    ["--orders --once", /^Option '--orders' has no value: --help lists the options\.$/],
    ["--orders 1.5", /^--orders is "1.5"/],
    ["--rate fast", /^--rate is "fast": give orders a second such as 50\/s, or "max"\.$/],
    ["--rate 0", /^--rate is "0"/],
    ["--database mysql://x", /^--database is not a PostgreSQL URL/],
    ["--database postgres://me:1/hidden@host/db", /^(?!.*hidden)--database is not a PostgreSQL URL/],
    ["--database postgres://me:1#hidden@host/db", /^(?!.*hidden)--database is not a PostgreSQL URL/],
    ["--database", /^Option '--database <value>' argument missing: --help lists the options\.$/],
    ["--port 70000", /^--port is "70000": give a whole number from 0 to 65535\.$/],
    ["--seed x", /^--seed is "x"/],
    ["--cancels many", /^--cancels is "many": give a percentage from 0 to 100\.$/],
    ["--revisions 101", /^--revisions is "101": give a percentage from 0 to 100\.$/],
    ["--cancels 60 --revisions 60", /^--cancels and --revisions are more than 100 percent together: /],
    ["--contract strict", /^--contract is "strict": give one of life, deadline, careful\.$/],
    ["--approve-above lots", /^--approve-above is "lots": give a whole number from 0 to /],
    ["--data-folder=", /^--data-folder is empty/],
    ["--speed 5", /^Unknown option '--speed': --help lists the options\.$/],
    ["--once=yes", /^Option '--once' does not take an argument: --help lists the options\.$/],
    ["2000", /^"2000" is not an option/],
  ];
  for (const [args, message] of mistakes) {
    it(`refuse ${args} in one sentence`, () => {
      expect(() => readOptions(args.split(" "))).toThrow(message);
      expect(() => readOptions(args.split(" "))).toThrow(expect.objectContaining({ exitCode: 2 }));
    });
  }

  const url = "postgres://me:secret@host/db";

  it("take the database from QUADRILLE_DATABASE, unless there is --database", () => {
    for (const read of [readOptions, readAuditOptions]) {
      expect(read([], { QUADRILLE_DATABASE: url })).toMatchObject({
        database: { url, isFromEnvironment: true },
      });
      const other = ["--database", "postgres://other/db"];
      expect(read(other, { QUADRILLE_DATABASE: url })).toMatchObject({
        database: { url: "postgres://other/db", isFromEnvironment: false },
      });
      expect(read([], { QUADRILLE_DATABASE: "" })).toMatchObject({ database: { url: undefined } });
    }
    expect(help).toContain("QUADRILLE_DATABASE");
    expect(auditHelp).toContain("QUADRILLE_DATABASE");
  });

  it("report a variable that is no URL by its name, without its value", () => {
    const mistake = { QUADRILLE_DATABASE: "mysql://me:secret@host" };
    expect(() => readOptions([], mistake)).toThrow(/^QUADRILLE_DATABASE is not a PostgreSQL URL: [^\n]*$/);
    expect(() => readOptions([], mistake)).not.toThrow(/secret/);
  });

  it("of the audit are understood and checked", () => {
    expect(readAuditOptions(["--json", "--settled"], {})).toEqual({
      database: { dataFolder: ".quadrille", url: undefined, isFromEnvironment: false },
      json: true,
      settled: true,
    });
    expect(() => readAuditOptions(["--once"])).toThrow(/^Unknown option '--once'/);
  });
});
