// In which order messages come: the engine's own unless asked otherwise, and the published counts in any.
import { expect, it } from "vitest";
import { runCli } from "../test/run-cli.ts";

const file = (name: string): string => `packages/quadrille/test/choreographies/${name}.json`;

it("prints the published counts for messages in any order, and what tombstones are for in the engine's", async () => {
  const [published, own] = await Promise.all([
    runCli(["check", "--channel", "bag", "--strict", file("order-lifecycle")]),
    runCli(["check", "--strict", file("order-lifecycle")]),
  ]);
  expect(published?.code).toBe(0);
  expect(published?.out).toContain("161 states, 341 transitions, all of them explored, in ");
  expect(published?.out).toContain("; messages in any order, also such as the engine rules out");
  expect(own?.code).toBe(0);
  expect(own?.out).toMatch(/^report P7 14 parts of the contract are for messages that overtake others/m);
});
