// The planner's pages say what the code says: the example runs and prints what is shown, and so does every
// command on the pages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { type GuardContext, defaultLimits, emptyRecord } from "../src/guard/context.ts";
import { guardOrder } from "../src/guard/guard.ts";
import { gateHead } from "../src/bench/gates.ts";
import { swept } from "../../../test/sweep.ts";
import { captured } from "./captured.ts";
import { asOf, snapshot, supplier } from "./snapshots.ts";

const root = join(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const page = read("docs/planner/README.md");
const example = "docs/examples/first-plan.ts";

describe("the planner's page", () => {
  it("shows the example as it stands in its file", () => {
    const [, ...lines] = read(example).split("\n");
    expect(/```ts\n([\s\S]*?)```/.exec(page)?.[1]).toBe(lines.join("\n"));
  });

  it("shows what the example prints", async () => {
    const printed: unknown[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line: unknown) => printed.push(line));
    await import(join(root, example));
    log.mockRestore();
    expect(/It prints:\n\n```\n([\s\S]*?)```/.exec(page)?.[1]).toBe(`${printed.join("\n")}\n`);
  });

  it("names every command, and only those", async () => {
    const named = [...page.matchAll(/^npm run planner -- ([a-z-]+)/gm)].map((match) => match[1] ?? "");
    const { out } = await captured(["--help"]);
    const listed = [...out.matchAll(/^ {2}([a-z-]+) .*$/gm)].map((match) => match[1] ?? "");
    expect(new Set(named)).toEqual(
      new Set(listed.filter((name) => !name.startsWith("-") && name !== "help")),
    );
  });
});

describe("the page on a supplier that loses orders", () => {
  const story = read("docs/planner/losing-supplier.md");
  const blocks = [...story.matchAll(/```console\n\$ npm run -s planner -- (.*)\n([\s\S]*?)```/g)];

  it("shows what the commands print", async () => {
    expect(blocks).toHaveLength(3);
    // Each takes a second or two of computing.
    for (const [, args = "", shown = ""] of swept(blocks, 3)) {
      const { code, out } = await captured(args.split(" "));
      expect(code).toBe(0);
      expect(out.trimEnd()).toBe(shown.trimEnd());
    }
  }, 60_000);

  it("says what the guardrail says", () => {
    const taken = Array.from({ length: 20 }, (_, at) => (at % 3 === 1 ? null : 2));
    const context: GuardContext = {
      snapshot: snapshot({ suppliers: [supplier(taken)] }),
      today: asOf,
      agent: "embedded",
      record: emptyRecord,
      limits: defaultLimits,
    };
    const lines = [{ item: "mozzarella", unit: "g", quantity: 500, pack: 500, packPrice: 400 }];
    const { findings } = guardOrder({ supplier: "dairy", currency: "USD", lines }, context);
    for (const { text } of findings) expect(story).toContain(text);
    expect(findings).toHaveLength(1);
  });
});

describe("the page of the gates", () => {
  it("has the columns of the command, and no gate that failed", () => {
    const gates = read("docs/planner/gates.md");
    expect(gates).toContain(`| ${gateHead.join(" | ")} |`);
    expect(gates).not.toContain("| failed |");
    expect(gates.match(/^\| .* \| (passed|stretch) \|$/gm)?.length).toBe(17);
  });
});
