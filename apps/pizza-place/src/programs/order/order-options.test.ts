// The command line of `npm run order`: what is understood, and the sentence for each mistake.
import { describe, expect, it } from "vitest";
import { orderHelp, readOrderRequest } from "./order-options.ts";

const rest = { orderId: "a", body: undefined, outcome: undefined, dataFolder: ".quadrille", json: false };

describe("npm run order", () => {
  it.each([
    ["show a", { method: "GET", at: { path: "orders" }, ...rest }],
    [
      "cancel a --json",
      {
        method: "POST",
        at: { path: "orders", action: "cancel" },
        ...rest,
        outcome: { request: "cancelOrder", waitSeconds: 30 },
        json: true,
      },
    ],
    ["cancel a --wait 0", { method: "POST", at: { path: "orders", action: "cancel" }, ...rest }],
    ["approve a", { method: "POST", at: { path: "orders", action: "approve" }, ...rest }],
    [
      "pick-up a/b --data-folder here",
      {
        method: "POST",
        at: { path: "tickets", action: "pick-up" },
        ...rest,
        orderId: "a/b",
        dataFolder: "here",
      },
    ],
    [
      "revise a hawaiian:M:2 big_meat:S:1 --revision 3 --wait 5",
      {
        method: "POST",
        at: { path: "orders", action: "revise" },
        ...rest,
        outcome: { request: "reviseOrder", waitSeconds: 5 },
        body: {
          lines: [
            { pizza: "hawaiian", size: "M", quantity: 2 },
            { pizza: "big_meat", size: "S", quantity: 1 },
          ],
          revision: 3,
        },
      },
    ],
  ])("understands %s", (args, request) => {
    expect(readOrderRequest(args.split(" "))).toEqual(request);
  });

  it("gives help before anything else, with every action", () => {
    expect(readOrderRequest(["eat", "--help"])).toBe("help");
    for (const action of [
      "show",
      "cancel",
      "revise",
      "approve",
      "decline",
      "accept",
      "prepare",
      "ready",
      "pick-up",
    ])
      expect(orderHelp).toContain(action);
  });

  it.each([
    ["", /^Nothing is asked for: give one of show, /],
    ["eat a", /^"eat" is not known: give one of show, revise, cancel, /],
    ["cancel", /^cancel needs an order's id: /],
    ["cancel a b", /^cancel takes one order's id, and no b\.$/],
    ["cancel a --revision 1", /^--revision goes with revise only\.$/],
    ["approve a --wait 5", /^--wait goes with cancel and revise only\.$/],
    ["cancel a --wait 61", /^--wait is "61": give whole seconds from 0 to 60\.$/],
    ["cancel a --wait x", /^--wait is "x": give whole seconds from 0 to 60\.$/],
    ["revise a", /^revise needs at least one line such as hawaiian:M:2/],
    ["revise a hawaiian:M", /^"hawaiian:M" is not a line: /],
    [
      "revise a hawaiian:Q:1",
      /^"hawaiian:Q:1" is not a line: give one such as hawaiian:M:2, with a size of S, M, /,
    ],
    ["revise a hawaiian:M:0", /^"hawaiian:M:0" is not a line: /],
    ["revise a hawaiian:M:1 --revision x", /^--revision is "x": give a whole number from 0\.$/],
    ["cancel a --speed", /^Unknown option '--speed'/],
  ])("refuses %s in one sentence", (args, message) => {
    expect(() => readOrderRequest(args.split(" ").filter((one) => one !== ""))).toThrow(message);
    expect(() => readOrderRequest(args.split(" ").filter((one) => one !== ""))).toThrow(
      expect.objectContaining({ exitCode: 2 }),
    );
  });
});
