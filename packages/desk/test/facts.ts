// Facts of an incident that is written about in tests: orders wait for the kitchen.
import { type MailInput } from "../src/mail/compose-mail.ts";
import type { Facts } from "../src/mail/facts.ts";
import type { Mail, MailKind } from "../src/mail/mail.ts";
import { defaultSettings } from "../src/settings.ts";

/** When the tests' mails are written. */
export const writtenAt = "2026-11-26T10:12:00Z";

/** Facts that fit an alert and an update. */
export const openFacts: Facts = {
  schema: "quadrille-desk/facts/1",
  id: "orders-wait",
  asOf: "2026-11-26T10:10:00Z",
  system: "Order System",
  problem: "Orders Wait for the Kitchen",
  state: "ACTING",
  impact: "high",
  severity: "Orders are late; no money is lost",
  started: "2026-11-26T10:00:00Z",
  effect: {
    who: "{{ordersWaiting}} wait for the kitchen.",
    business: "Their payments of {{moneyHeld}} are authorised and not captured.",
  },
  status: "The kitchen takes no new tickets.",
  figures: [
    {
      key: "ordersWaiting",
      label: "Orders that wait",
      value: 37,
      unit: "orders",
      asOf: "2026-11-26T10:10:00Z",
      provenance: "journal of Kitchen at 41 207",
    },
    {
      key: "moneyHeld",
      label: "Money authorised, not captured",
      value: 1204.5,
      currency: "EUR",
      asOf: "2026-11-26T10:10:00Z",
      provenance: "journal of Accounting at 40 011",
    },
    {
      key: "customersHit",
      label: "Customers",
      value: null,
      missing: "the journal of Consumer is behind",
      asOf: "2026-11-26T10:10:00Z",
      provenance: "journal of Consumer",
    },
  ],
  timeline: [
    { at: "2026-11-26T10:00:00Z", event: "First reports of orders that wait.", source: "journal of Kitchen" },
    { at: "2026-11-26T10:05:00Z", event: "The investigation begins." },
    {
      at: "2026-11-26T10:08:00Z",
      event: "The kitchen's journal stops at one lane.",
      audiences: ["technical"],
    },
  ],
  findings: [{ text: "The printer of the kitchen does not answer." }],
  hypotheses: [
    { text: "The network.", state: "ruled-out", evidence: "The other services answer." },
    { text: "The printer's queue is full.", state: "open", evidence: "It does not answer." },
  ],
  nextSteps: [{ text: "Empty the printer's queue." }],
  estimatedFix: "2026-11-26T12:12:00Z",
  nextUpdate: "2026-11-26T10:42:00Z",
  correctiveActions: [],
  preventiveMeasures: [],
  terms: [],
};

/** Facts that fit a resolution report. */
export const resolvedFacts: Facts = {
  ...openFacts,
  state: "RESOLVED",
  recovered: "2026-11-26T10:09:00Z",
  status: "New orders reach the kitchen, and the waiting ones are done.",
  cause: { confirmed: true, text: "The printer's queue had no bound, and a long test ticket filled it." },
  correctiveActions: [{ text: "The queue was emptied." }],
  preventiveMeasures: [{ action: "Bound the queue.", owner: "kitchen-lead", due: "2026-12-11" }],
};

/** A mail's input; the leaders are two. */
export function mailInput(kind: MailKind, facts: Facts, other: Partial<MailInput> = {}): MailInput {
  return {
    kind,
    facts,
    audience: "leaders",
    to: [
      { name: "Head of Support", address: "support@example.org" },
      { name: "Head of Kitchens", address: "kitchens@example.org" },
    ],
    earlier: [],
    settings: defaultSettings,
    at: writtenAt,
    ...other,
  };
}

/** A mail that was sent. */
export function sentMail(kind: MailKind, number: number, facts: Facts = openFacts): Mail {
  return {
    schema: "quadrille-desk/mail/1",
    id: `orders-wait-leaders-${number}`,
    incident: "orders-wait",
    audience: "leaders",
    kind,
    number,
    at: "2026-11-26T10:02:00Z",
    subject: "A subject",
    body: "A body",
    to: [],
    thread: [],
    facts,
    state: "SENT",
    delivered: [],
    history: [],
  };
}
