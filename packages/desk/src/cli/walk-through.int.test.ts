// The walk-through of the documentation: each command runs as it stands there, and prints what stands under
// it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import PostalMime from "postal-mime";
import { expect, it } from "vitest";
import { DeskBench } from "../../test/run-desk.ts";
import { blocksOf, PageRunner } from "../../test/run-page.ts";

const root = join(import.meta.dirname, "../../../..");

it("goes from the alert to the last action as the page says", async () => {
  const blocks = blocksOf(readFileSync(join(root, "docs/desk/walk-through.md"), "utf8"));
  expect(blocks.length).toBeGreaterThan(20);
  using bench = new DeskBench();
  const runner = new PageRunner(bench, root);
  for (const block of blocks) {
    const printed = await runner.run(block);
    if (block.prints !== undefined) expect(printed, block.commands.join("\n")).toBe(block.prints);
  }
  const sent = async (name: string) =>
    PostalMime.parse(readFileSync(join(bench.cwd, "desk/outbox", `${name}.eml`)));
  const thread = await Promise.all(
    [1, 2, 3, 4, 5].map((number) => sent(`kitchen-tickets-leaders-${number}`)),
  );
  expect(thread.map(({ subject }) => subject?.split(":")[0])).toEqual([
    "URGENT",
    "UPDATE",
    "UPDATE",
    "CORRECTION",
    "RESOLVED",
  ]);
  expect(thread.map(({ inReplyTo }) => inReplyTo)).toEqual([
    undefined,
    ...thread.slice(0, 4).map(({ messageId }) => messageId),
  ]);
  expect((await sent("review-of-the-kitchen-tickets")).subject).toBe(
    "Minutes: Review of the Kitchen Tickets",
  );
});
