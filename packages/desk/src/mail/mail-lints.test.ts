// Each lint of mails has a bad example that it alone finds, and finds nothing in good mails.
import { describe, expect, it } from "vitest";
import { mailInput, openFacts, resolvedFacts, sentMail } from "../../test/facts.ts";
import { wordLints } from "../lint/word-lints.ts";
import type { MailInput } from "./compose-mail.ts";
import { lintMail, mailLints } from "./mail-lints.ts";

const around = { people: ["Kitchen lead"], owners: ["kitchen-lead"] };
const update = (facts: object, other: Partial<MailInput> = {}): MailInput =>
  mailInput("update", { ...openFacts, ...facts }, other);
const alert = (facts: object): MailInput => mailInput("alert", { ...openFacts, ...facts });
const resolution = (facts: object): MailInput => mailInput("resolution", { ...resolvedFacts, ...facts });
const customer = {
  audience: "customers",
  to: [{ name: "A customer", address: "c@example.org", consumer: "c-17" }],
};
const plainFigures = openFacts.figures.map((figure) => ({ ...figure, audiences: ["leaders"] }));
const forCustomers = {
  figures: plainFigures,
  effect: { who: "Your order waits.", business: "You can cancel it." },
};

/** By lint: a mail that it finds something in, where, and a part of what it says. */
const bad: Readonly<Record<string, readonly (readonly [MailInput, string, string])[]>> = {
  "number-from-facts": [
    [update({ status: "About 40 orders wait." }), "/status", "40 is not from the facts"],
    [update({ status: "37 orders wait." }), "/status", "37 is retyped: write {{ordersWaiting}}"],
    [update({ status: "1,204.50 is held." }), "/status", "1,204.50 is retyped: write {{moneyHeld}}"],
    [
      alert({ effect: { who: "All.", business: "A loss of 10 percent." } }),
      "/effect/business",
      "10 is not from",
    ],
  ],
  "number-word": [[update({ status: "Dozens of orders wait." }), "/status", "“Dozens” is a number in words"]],
  "figure-known": [
    [update({ status: "{{ordersLost}} are lost." }), "/status", "which is no figure of the facts"],
    [
      update({ status: "{{customersHit}} wait." }),
      "/status",
      "has no value: the journal of Consumer is behind",
    ],
    [
      update({ ...forCustomers, status: "{{ordersWaiting}} wait." }, customer),
      "/status",
      "which is not for customers",
    ],
  ],
  "missing-not-zero": [
    [
      update({ figures: openFacts.figures.map((figure) => ({ ...figure, missing: undefined })) }),
      "/figures/2/missing",
      "say why",
    ],
  ],
  "cause-unconfirmed": [
    [update({ cause: { confirmed: false, text: "The printer." } }), "/cause", "is not confirmed"],
    [update({ status: "Orders wait because of the printer." }), "/status", "gives a cause (“because of”)"],
    [
      alert({ effect: { who: "All.", business: "Late orders due to the printer." } }),
      "/effect/business",
      "gives a cause",
    ],
  ],
  "own-orders": [
    [
      update({ ...forCustomers, figures: openFacts.figures.slice(0, 1) }, customer),
      "/figures/0",
      "counts the orders of everybody; this mail goes to c-17 alone",
    ],
    [
      update(forCustomers, {
        ...customer,
        to: [...customer.to, { name: "B", address: "b@example.org", consumer: "c-18" }],
      }),
      "/recipients/customers",
      "2 recipients",
    ],
    [
      update(forCustomers, { ...customer, to: [{ name: "B", address: "b@example.org" }] }),
      "/recipients/customers/0/consumer",
      "is missing",
    ],
  ],
  "owner-known": [
    [
      resolution({ preventiveMeasures: [{ action: "Bound it.", owner: "the-moon", due: "2026-12-11" }] }),
      "/preventiveMeasures/0/owner",
      "is the-moon, who is no stakeholder",
    ],
  ],
  "next-update": [
    [
      update({ nextUpdate: undefined }),
      "/nextUpdate",
      "is missing: promise one, 2026-11-26T10:42:00Z at the latest (30 minutes, for leaders)",
    ],
    [
      update({ nextUpdate: "2026-11-26T10:00:00Z" }),
      "/nextUpdate",
      "is Thu 26 Nov 2026, 10:00 UTC, which has passed",
    ],
    [alert({ nextUpdate: "2026-11-26T10:43:00Z" }), "/nextUpdate", "which is too late"],
  ],
  "alert-brief": [
    [
      alert({ effect: { who: "All.", business: "It is restored within the hour." } }),
      "/effect/business",
      "promises a repair",
    ],
  ],
  "fix-to-come": [[update({ estimatedFix: "2026-11-26T10:00:00Z" }), "/estimatedFix", "has passed"]],
  "timeline-order": [
    [update({ timeline: [] }), "/timeline", "is empty"],
    [update({ timeline: openFacts.timeline.toReversed() }), "/timeline/1/at", "sort the timeline"],
    [
      update({ timeline: [{ at: "2026-11-26T10:13:00Z", event: "It is over." }] }),
      "/timeline/0/at",
      "still to come",
    ],
  ],
  "next-steps": [[update({ nextSteps: [] }), "/nextSteps", "is empty"]],
  "resolution-complete": [
    [resolution({ correctiveActions: [] }), "/correctiveActions", "is empty"],
    [resolution({ recovered: undefined }), "/recovered", "is missing"],
    [resolution({ status: "It works; the rest is under investigation." }), "/status", "is still open"],
  ],
  "due-to-come": [
    [
      resolution({ preventiveMeasures: [{ action: "Bound it.", owner: "kitchen-lead", due: "2026-11-25" }] }),
      "/preventiveMeasures/0/due",
      "has passed",
    ],
  ],
  stale: [[update({ asOf: "2026-11-26T09:30:00Z" }), "/asOf", "42 minutes ago"]],
  state: [
    [
      mailInput("resolution", { ...resolvedFacts, state: "MONITORING" }),
      "/state",
      "no resolution report before it is RESOLVED",
    ],
    [update({ state: "RESOLVED" }), "/state", "write a resolution report"],
  ],
  sequence: [
    [mailInput("alert", openFacts, { earlier: [sentMail("alert", 1)] }), "", "write an update"],
    [update({}, { earlier: [sentMail("resolution", 1)] }), "", "write a correction"],
    [
      mailInput("resolution", resolvedFacts, { earlier: [sentMail("resolution", 1)] }),
      "",
      "write a correction",
    ],
    [mailInput("correction", openFacts), "", "no mail to correct"],
    [mailInput("correction", openFacts, { corrects: sentMail("update", 1) }), "/correction", "is missing"],
  ],
  unchanged: [
    [
      update({ status: "It is slower." }, { earlier: [sentMail("update", 1)] }),
      "/findings/0",
      "was in the last update",
    ],
    [
      update({ findings: [{ text: "The printer answers." }] }, { earlier: [sentMail("update", 1)] }),
      "/status",
      "word for word",
    ],
  ],
  recipients: [
    [update({}, { to: [] }), "/recipients/leaders", "is missing"],
    [
      update(
        {},
        { to: [...mailInput("alert", openFacts).to, { name: "S", address: "Support@example.org" }] },
      ),
      "/recipients/leaders",
      "twice",
    ],
  ],
  blame: [[update({ status: "This is human error." }), "/status", "“human error” blames"]],
  "person-as-cause": [
    [
      update({ status: "The kitchen lead forgot the queue." }),
      "/status",
      "“Kitchen lead” is given as a cause",
    ],
  ],
  vague: [
    [update({ status: "It should be fixed." }), "/status", "“should be fixed” is vague"],
    [update({ status: "A minor delay." }), "/status", "“minor” is vague"],
  ],
  jargon: [
    [
      update({ status: "A saga is a dead letter." }),
      "/status",
      "“saga” is jargon for these readers; say “order”",
    ],
  ],
};

it("every lint of mails and words has a bad example", () => {
  expect(Object.keys(bad).toSorted()).toEqual(
    [...Object.keys(mailLints), ...Object.keys(wordLints)].toSorted(),
  );
});

describe.each(Object.entries(bad))("%s", (lint, examples) => {
  it.each(examples)("is found, alone (%#)", (input, place, says) => {
    const findings = lintMail(input, around);
    expect(findings.filter((finding) => finding.lint === lint)).toContainEqual(
      expect.objectContaining({ place, message: expect.stringContaining(says) as string }),
    );
    expect([...new Set(findings.map((finding) => finding.lint))]).toEqual([lint]);
  });
});

describe("a good mail", () => {
  it.each([
    ["alert", alert({})],
    ["update", update({})],
    ["update with a name that has digits", update({ status: "Shop 12 is closed.", terms: ["Shop 12"] })],
    [
      "update of technical words for technical readers",
      update({ status: "A saga waits." }, { audience: "technical" }),
    ],
    [
      "update to a consumer of their own order",
      update({ ...forCustomers, figures: [{ ...openFacts.figures[1], consumer: "c-17" }] }, customer),
    ],
    ["resolution", resolution({})],
    [
      "correction",
      mailInput(
        "correction",
        { ...openFacts, correction: { wrong: "Lost.", right: "Held." } },
        { corrects: sentMail("update", 1) },
      ),
    ],
  ])("has no findings: %s", (_, input) => {
    expect(lintMail(input, around)).toEqual([]);
  });
});
