// A module that exports several choreographies, at the command line: the example of the guide.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { loyalty, orders } from "../docs/examples/guide/loyalty-points.ts";
import { toJson } from "../packages/quadrille/src/contract/json/to-json.ts";
import { runCli } from "../packages/cli/test/run-cli.ts";

const example = "docs/examples/guide/loyalty-points.ts";
const run = promisify(execFile);

describe("the example of the guide", () => {
  it("runs, and its saga is linked to the order's", async () => {
    const { stdout } = await run(process.execPath, ["--conditions=quadrille-source", example]);
    expect(stdout).toBe("Loyalty points: earned\ncaused by OrderApproved of Orders\n");
  });

  it("is checked as a system", async () => {
    const [text, json] = await Promise.all([
      runCli(["check", example]),
      runCli(["check", example, "--json"]),
    ]);
    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out.match(/Checked within this bound/g)).toHaveLength(2);
    expect(text.out).toContain("OrderApproved from Orders 1×");
    expect(JSON.parse(json.out)).toMatchObject({
      choreographies: [{ name: "Orders" }, { name: "Loyalty points" }],
      meetings: [],
    });
  });

  it("is drawn choreography by choreography, with how they meet, and as one", async () => {
    const [each, whole] = await Promise.all([
      runCli(["map", "-c", example]),
      runCli(["map", "--system", "-c", example]),
    ]);
    expect(each.out).toMatch(/^Orders\n[^]*Loyalty points\n[^]*They meet:\n/);
    expect(each.out).toContain("OrderApproved of Orders starts a saga of Loyalty points: taken by Points");
    expect(whole.out).toMatch(/^Orders \+ Loyalty points\n\n +Order +Kitchen +Points\n/);
    expect(whole.out).toMatch(/ OrderApproved +●─+┼─+▶ +▷/);
  });

  it("is exported as one AsyncAPI document, as the drawing of the map, and one by one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "quadrille-export-"));
    try {
      const [asyncapi, mermaid, map, refused, written] = await Promise.all([
        runCli(["export", "--asyncapi", example]),
        runCli(["export", "--mermaid", example]),
        runCli(["map", "--mermaid", "-c", example]),
        runCli(["export", "--json", example]),
        runCli(["export", "--json", "--out", folder, example]),
      ]);
      expect(JSON.parse(asyncapi.out)).toMatchObject({
        operations: { Points_receives_from_Order: { action: "receive" } },
        components: { messages: { placeOrder: { payload: { type: "object" } } } },
      });
      expect(mermaid.out).toBe(map.out);
      expect(refused).toMatchObject({ code: 2, out: "" });
      expect(refused.err).toMatch(
        /^These are 2 choreographies, Orders and Loyalty points, and --json is of one: with --out/,
      );
      const file = join(folder, "Loyalty_points", "choreography.json");
      expect(written.out).toContain(file);
      expect(JSON.parse(await readFile(file, "utf8"))).toEqual(toJson(loyalty));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is a system as JSON files, too; one that does not fit is refused in a sentence", async () => {
    const folder = await mkdtemp(join(tmpdir(), "quadrille-system-"));
    try {
      const write = async (name: string, form: unknown): Promise<string> => {
        const file = join(folder, name);
        await writeFile(file, JSON.stringify(form));
        return file;
      };
      const both = [await write("orders.json", toJson(orders)), await write("loyalty.json", toJson(loyalty))];
      const clean = await runCli(["check", ...both]);
      expect(clean).toMatchObject({ code: 0, err: "" });
      expect(clean.out.match(/Checked within this bound/g)).toHaveLength(2);
      const secret = await write("secret.json", { ...toJson(orders), publicEvents: [] });
      const refused = await runCli(["check", secret, both[1] ?? ""]);
      expect(refused.code).toBe(2);
      expect(refused.err).toContain('OrderApproved is taken from "Orders", where it is not public (W25).');
      const nameless = await runCli(["map", "--choreography", "Loyalty points"], { cwd: folder });
      expect(nameless.code).toBe(2);
      expect(nameless.err).toMatch(/^Loyalty points is no file here, and the project does not say where/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
