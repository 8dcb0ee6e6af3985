// Taking away assumptions: fault twins, channel modes, and who depends on the inbox.
import { expect, it } from "vitest";
import { asPublished, reference } from "../../../test/reference-choreographies.ts";
import { check } from "../check.ts";

it("says of every fault and channel what survives it", () => {
  const reports = check(reference("order-lifecycle"), { ...asPublished, assumptions: true }).findings.filter(
    ({ code }) => code === "P15",
  );
  const verdicts = reports.map(({ message }) =>
    message.replace(/^with ([^,]*), (everything holds|[^:]*).*$/, "$1 | $2"),
  );
  expect(verdicts.toSorted()).toEqual([
    "messages in one order | deferred ones holding up the others, everything holds",
    "messages in one order | deferred ones stashed, everything holds",
    "messages in order from each producer | deferred ones holding up the others, everything holds",
    "messages in order from each producer | deferred ones stashed, everything holds",
    "one duplicate: the message is taken a second time (no inbox) | P2 and P13 break",
    "one early: the emissions leave and the state rolls back (published before the commit) | P2 and P13 break",
    "one effect: the outside call happened and the transaction did not (a call inside a reaction) | everything holds",
    "one lost: the state moves and the emissions vanish (no outbox) | P3a, P4 and P5 break",
  ]);
  expect(
    reports.filter(({ message }) => message.startsWith("messages") && !message.endsWith("everything holds")),
  ).toEqual([]);
});

it("names the reactions that depend on the inbox, with the duplicate in the path", () => {
  const reports = check(reference("create-order-5-tombstones"), {
    ...asPublished,
    assumptions: true,
  }).findings.filter(({ code }) => code === "P9");
  expect(reports.map(({ at }) => at.replace("/participants/", ""))).toContain(
    "Kitchen/states/ABSENT/on/OrderCreated",
  );
  expect(reports.every(({ path }) => path.some(({ fault }) => fault === "duplicate"))).toBe(true);
});

it("is asked for: a check on every save does without", () => {
  const codes = check(reference("order-lifecycle"), asPublished).findings.map(({ code }) => code);
  expect(codes).not.toContain("P9");
  expect(codes).not.toContain("P15");
});
