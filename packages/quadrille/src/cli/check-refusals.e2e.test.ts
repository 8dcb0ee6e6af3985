// What the checker's commands do not take, and the sentence with which they say so.
import { describe, expect, it } from "vitest";
import { runCli } from "../../test/run-cli.ts";

const file = (name: string): string => `packages/quadrille/test/choreographies/${name}.json`;

describe.concurrent("a participant to be shared that there is not", () => {
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
