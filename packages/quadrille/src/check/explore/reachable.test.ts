// The reachable set as an oracle, and the paths that cover every transition.
import { describe, expect, it } from "vitest";
import { asPublished, reference } from "../../../test/reference-choreographies.ts";
import { coveringPaths, reachableSet } from "./reachable.ts";

describe("the reachable set", () => {
  const set = reachableSet(reference("create-order"), asPublished);

  it("has the beginning and what follows, whatever the order in which it is given", () => {
    expect(set).toMatchObject({ states: 115, exhausted: true });
    expect(set.has({ states: {}, messages: [] })).toBe(true);
    const messages = [
      { event: "OrderCreated", to: "Kitchen" },
      { event: "OrderCreated", to: "Accounting" },
      { event: "ConsumerVerified", to: "Accounting" },
    ];
    const states = { Consumer: "VERIFIED", Order: "APPROVAL_PENDING" };
    expect(set.has({ states, messages })).toBe(true);
    expect(set.has({ states, messages: messages.toReversed() })).toBe(true);
  });

  it("has no lost and no doubled message", () => {
    const states = { Order: "APPROVAL_PENDING" };
    const to = ["Consumer", "Kitchen", "Accounting"];
    const sent = to.map((name) => ({ event: "OrderCreated", to: name }));
    expect(set.has({ states, messages: sent })).toBe(true);
    expect(set.has({ states, messages: sent.slice(1) })).toBe(false);
    expect(set.has({ states, messages: [...sent, { event: "OrderCreated", to: "Kitchen" }] })).toBe(false);
  });
});

describe("covering paths", () => {
  it("take every transition, each path a real one", () => {
    const paths = coveringPaths(reference("create-order"), asPublished);
    const steps = new Set(
      paths.flatMap((path) => path.map(({ at, from, to, choice }) => `${at} ${from} ${to} ${choice}`)),
    );
    expect(steps.size).toBe(42);
    expect(paths.length).toBeLessThan(265);
    for (const path of paths) expect(path[0]?.trigger).toBe("createOrder");
  });
});
