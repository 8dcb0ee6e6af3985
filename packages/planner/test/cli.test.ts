// The command line: what it prints, its exit codes, and one sentence for each mistake.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { captured } from "./captured.ts";
import { daysAgo, mozzarella, snapshot } from "./snapshots.ts";

const folder = mkdtempSync(join(tmpdir(), "planner-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
};
const run = (...args: readonly string[]) => captured(args, folder);

const history = (days: number): string =>
  [
    "day,item,quantity",
    ...Array.from({ length: days }, (_, at) => `${daysAgo(days - at)},milk,${10 + (at % 4)}`),
  ].join("\n");

describe("the command", () => {
  it("says what there is, with examples", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    for (const name of ["bench", "gates", "why", "backtest", "pizza-year"]) expect(out).toContain(name);
    expect((await run("bench", "forecast", "--help")).out).toContain("Example:");
  });

  it("explains every item, one item, and its change", async () => {
    const now = file("now.json", snapshot());
    const before = file("before.json", snapshot({ items: [mozzarella({ onHand: 9_000 })] }));
    expect((await run("why", now)).out).toMatch(/^mozzarella: order [\d,]+ g/);
    const { out } = await run("why", now, "--item", "mozzarella", "--before", before);
    expect(out).toContain("What it would take");
    expect(out).toMatch(/Why it changed since before.json\n {2}before +0 g\n/);
    const json: unknown = JSON.parse((await run("why", now, "--item", "mozzarella", "--json")).out);
    expect(json).toMatchObject({ item: "mozzarella", whatItTakes: { ordered: true } });
  });

  it("measures InventoryBench and forecasts on files of their format", async () => {
    const bench = file("bench.json", {
      series: { a: [[10, 10, 10, 10, 10], Array.from({ length: 12 }, () => 10)] },
      lead: { "x:lead_time_0": Array.from({ length: 12 }, () => 0) },
      instances: [["a_high", "a", "x:lead_time_0", 19, 1]],
    });
    const scores: unknown = JSON.parse((await run("bench", "inventorybench", bench, "--json")).out);
    expect(scores).toMatchObject({ instances: 1 });
    expect((scores as { overall: number }).overall).toBeGreaterThan(0.95);
    const series = file("series.json", [Array.from({ length: 40 }, (_, at) => 10 + (at % 4))]);
    const errors: unknown = JSON.parse(
      (await run("bench", "forecast", series, "--horizon", "4", "--season", "4", "--json")).out,
    );
    expect(errors).toMatchObject({ series: 1 });
    expect((await run("bench", "inventorybench", bench)).out).toContain("No leak");
  });

  it("compares two planners on a history of one's own, and draws them", async () => {
    const { code, out } = await run(
      "backtest",
      file("history.csv", history(60)),
      "--svg",
      "plot.svg",
      "--pack",
      "5",
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^planner +total/);
    expect(out).toMatch(/embedded costs [\d.]+ % (less|more) than min-max \(saving with its 95 % interval: /);
    expect(readFileSync(join(folder, "plot.svg"), "utf8")).toMatch(/^<svg /);
  });
});

describe("a mistake", () => {
  const bad: readonly (readonly [readonly string[], string])[] = [
    [["why", "none.json"], "none.json can not be read: there is no such file."],
    [["why", file("text.json", "hello")], "text.json is not JSON"],
    [["why", file("empty.json", {})], "asOf is missing; give a day as YYYY-MM-DD."],
    [
      ["why", file("good.json", snapshot()), "--item", "gold"],
      "No item gold in the snapshot; it has mozzarella.",
    ],
    [
      [
        "why",
        file(
          "neg.json",
          snapshot({ items: [mozzarella({ demand: { from: daysAgo(1), quantities: [-1] } })] }),
        ),
      ],
      "the demand of 2026-05-31 is -1",
    ],
    [["bench", "inventorybench", file("list.json", [])], "list.json is no InventoryBench file"],
    [["bench", "forecast", file("short.json", [[1, 2]])], "short.json: Series 0 has 2 periods"],
    [["bench", "forecast", file("words.json", [["a"]])], "series 0 is not a list of numbers"],
    [["bench", "forecast", "x", "--horizon", "0"], "Give a whole number of 1 or more."],
    [
      ["backtest", file("cols.csv", "a,b\n1,2\n")],
      "cols.csv has no column day; it needs day, item, quantity.",
    ],
    [
      ["backtest", file("gap.csv", `day,item,quantity\n${daysAgo(3)},m,1\n${daysAgo(1)},m,1\n`)],
      `gap.csv has nothing for m on ${daysAgo(2)}; give 0`,
    ],
    [
      ["backtest", file("minus.csv", `day,item,quantity\n${daysAgo(3)},m,-1\n`)],
      'row 2 has the quantity "-1"',
    ],
    [
      ["backtest", file("twice.csv", `day,item,quantity\n${daysAgo(3)},m,1\n${daysAgo(3)},m,1\n`)],
      "for the second time",
    ],
    [["backtest", file("few.csv", history(20))], "few.csv has 20 days"],
    [["pizza-year", "--snapshot", "2015-06-01"], "--snapshot and --out go together"],
    [["pizza-year", "--orders", "none.csv"], "none.csv can not be read"],
    [["pizza-year", "--losing-share", "3"], "Give a share between 0 and 1."],
    [["fly"], "unknown command"],
  ];
  it.each(bad)("in %j is one sentence and exit code 2", async (args, sentence) => {
    const { code, err, out } = await run(...args);
    expect(err).toContain(sentence);
    expect(err).not.toContain("    at ");
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});
