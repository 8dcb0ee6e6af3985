// `quadrille mutate`: what it counts, and when it fails.
import { describe, expect, it } from "vitest";
import { runCli } from "../test/run-cli.ts";
import type { Finding } from "quadrille/check";

const file = (name: string): string => `packages/quadrille/test/choreographies/${name}.json`;

describe("mutate", () => {
  interface Mutated {
    readonly mutants: number;
    readonly caught: number;
    readonly errors: readonly Finding[];
    readonly survivors: readonly unknown[];
  }

  it("counts what is caught, and fails below a share", async () => {
    const [all, text, json] = await Promise.all([
      runCli(["mutate", file("create-order"), "--at-least", "100"]),
      runCli(["mutate", file("create-order-5-tombstones"), "--at-least", "100"]),
      runCli(["mutate", file("create-order-5-tombstones"), "--json"]),
    ]);
    const report = JSON.parse(json?.out ?? "") as Mutated;
    expect(report.errors).toEqual([]);
    expect(report.survivors).toHaveLength(report.mutants - report.caught);
    expect(report.caught).toBeLessThan(report.mutants);
    expect(text?.out).toMatch(/^Checked with messages in any order, .*\npackages/);
    expect(text?.out).toContain(`${report.caught} of ${report.mutants} mutants caught`);
    expect([all?.code, text?.code, json?.code]).toEqual([0, 1, 0]);
  });

  it("finds no errors in a contract in which check finds none", async () => {
    const contract = file("create-order-4-compensated");
    const [checked, mutated] = await Promise.all([runCli(["check", contract]), runCli(["mutate", contract])]);
    expect([checked?.code, mutated?.code]).toEqual([0, 0]);
    expect(mutated?.out).not.toContain("itself");
  });

  it("says first that the contract has errors itself, and fails", async () => {
    const [text, json] = await Promise.all([
      runCli(["mutate", file("create-order-1-as-published")]),
      runCli(["mutate", file("create-order-1-as-published"), "--json"]),
    ]);
    expect(text?.out.split("\n")[1]).toBe(
      `${file("create-order-1-as-published")} has 2 errors itself (P1): fix them first, see quadrille check; until then the mutation score is not meaningful.`,
    );
    // As check has them, in the same order of messages.
    expect(text?.out.split("\n")[0]).toBe(
      "Checked with each producer's messages in order, as on the engine.",
    );
    expect(text?.err).toBe("");
    expect(json?.err).toBe("");
    const report = JSON.parse(json?.out ?? "") as Mutated;
    expect(report.errors.map(({ code, at }) => `${code} ${at}`)).toEqual([
      "P1 /participants/Accounting/states/ABSENT/on/ConsumerVerified",
      "P1 /participants/Accounting/states/ABSENT/on/TicketCreated",
    ]);
    expect([text?.code, json?.code]).toEqual([1, 1]);
  });
});
