// Several choreographies that are checked together.
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../test/run-cli.ts";

it("check warns about how several choreographies meet, with the path", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quadrille-systems-"));

  const rest = { ends: [], forbidden: [] };
  const shop = {
    initial: "open",
    states: { open: { commands: { pay: [{ to: "open", emit: ["Paid"] }] } } },
  };
  const ledger = { initial: "open", states: { open: { on: { Paid: [{ to: "open" }] } } } };
  const forms = [
    { ...rest, name: "Sale", participants: { Shop: shop }, commands: { pay: 2 }, publicEvents: ["Paid"] },
    {
      ...rest,
      name: "Account",
      participants: { Ledger: ledger },
      commands: {},
      publicEvents: [],
      takes: { Paid: { from: "Sale", joins: true } },
    },
  ];
  for (const form of forms) await writeFile(join(folder.path, `${form.name}.json`), JSON.stringify(form));
  const { out } = await runCli(["check", "Sale.json", "Account.json"], { cwd: folder.path });
  expect(out).toContain(
    [
      "warning W30 one saga of Sale may publish Paid more than once, and its budget here is 1",
      "  in Account at /takes/Paid",
      "    1. Shop receives pay and stays open, publishes Paid #1 to Ledger",
      "    2. Ledger takes Paid #1: 0 taken → 1 taken",
      "",
    ].join("\n"),
  );
});
