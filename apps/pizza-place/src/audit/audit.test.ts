// The audit: what agrees is green, and each way of disagreeing is found.
import { describe, expect, it } from "vitest";
import { audit } from "./audit.ts";
import { auditAll, type AuditSources } from "./collect.ts";
import { type AuditFacts, type EntryFact, noFacts } from "./facts.ts";
import { printAudit } from "./print.ts";

const kind = "authorization";
const authorized: EntryFact = { key: "k1", kind, reference: "a", amount: 1325, answer: "authorized" };
const declined: EntryFact = { key: "k2", kind, reference: "b", amount: 2000, answer: "declined" };
const pizzas = [{ pizza: "hawaiian", size: "M", quantity: 1, price: 1325 }] as const;
const placed = { lines: pizzas, revision: 0 };
const approvedOrder = { orderId: "a", total: 1325, reason: undefined, ...placed };
const declinedOrder = { orderId: "b", total: 2000, reason: "card declined", ...placed };
const closedOrder = { orderId: "c", total: 900, reason: "restaurant closed", ...placed };
const ticket = { orderId: "a", pizzas, revision: 0 };
const held = { orderId: "a", state: "AUTHORIZED", amount: 1325, revision: 0 };
const good: AuditFacts = {
  sagas: [
    { sagaId: "a", end: "approved" },
    { sagaId: "b", end: "rejected" },
    { sagaId: "c", end: "rejected" },
  ],
  orders: [approvedOrder, declinedOrder, closedOrder],
  tickets: [ticket],
  authorizations: [held],
  ledger: [authorized, declined],
};
/** An order of two pizzas that was one of one, and one that was cancelled after that. */
const twoPizzas = [{ ...pizzas[0], quantity: 2 }];
const revisedOrder = { ...approvedOrder, total: 2650, lines: twoPizzas, revision: 1 };
const change: EntryFact = { ...authorized, key: "k1/revision/1", kind: "change", amount: 2650 };
const reversal: EntryFact = { ...authorized, key: "k1/reversal", kind: "reversal", amount: 2650 };
const revised: AuditFacts = {
  sagas: [{ sagaId: "a", end: "approved" }],
  orders: [revisedOrder],
  tickets: [{ ...ticket, pizzas: twoPizzas, revision: 1 }],
  authorizations: [{ ...held, amount: 2650, revision: 1 }],
  ledger: [authorized, change],
};
const cancelled: AuditFacts = {
  ...revised,
  sagas: [{ sagaId: "a", end: "cancelled" }],
  authorizations: [{ ...held, state: "REVERSED", amount: 2650, revision: 1 }],
  ledger: [authorized, change, reversal],
};
const settled = { settled: true };
const live = (ledger: readonly EntryFact[]): AuditFacts => ({
  ...noFacts,
  sagas: [{ sagaId: "a", end: undefined }],
  orders: [approvedOrder],
  ledger,
});

describe("the audit", () => {
  it("is green when ledger and ends agree to the cent", () => {
    expect(audit(good, settled)).toEqual({
      green: true,
      orders: 3,
      approved: 1,
      rejected: 2,
      cancelled: 0,
      revised: 0,
      live: 0,
      authorizations: 1,
      declined: 1,
      reversals: 0,
      uncleared: 0,
      approvedCents: 1325,
      authorizedCents: 1325,
      cancelledCents: 0,
      reversedCents: 0,
      findings: [],
      findingsCount: 0,
    });
  });

  it("is green when there is nothing", () => {
    expect(audit(noFacts, settled).green).toBe(true);
  });

  const wrong: readonly (readonly [string, AuditFacts, RegExp])[] = [
    ["an approved order without authorization", { ...good, ledger: [declined] }, /a is approved and has no/],
    [
      "a cent too much",
      { ...good, ledger: [{ ...authorized, amount: 1326 }, declined] },
      /costs 1325 .* 1326/,
    ],
    [
      "two authorizations",
      { ...good, ledger: [authorized, { ...authorized, key: "k3" }, declined] },
      /2 authorizations/,
    ],
    [
      "approved although declined",
      { ...good, ledger: [authorized, { ...declined, reference: "a" }, declined] },
      /declined as well/,
    ],
    [
      "a rejected order that was charged",
      { ...good, ledger: [authorized, declined, { ...authorized, reference: "c" }] },
      /c is rejected and has an/,
    ],
    [
      "a declined order that the ledger does not know",
      { ...good, ledger: [authorized] },
      /b was declined and .* 0 times/,
    ],
    [
      "declined, but rejected for another reason",
      { ...good, ledger: [authorized, declined, { ...declined, reference: "c" }] },
      /another reason/,
    ],
    [
      "an entry without order",
      { ...good, ledger: [authorized, declined, { ...authorized, reference: "z" }] },
      /z has the entry k1 and no order/,
    ],
    [
      "an amount at Accounting that is not the order's",
      { ...good, authorizations: [{ ...held, amount: 1324 }] },
      /a costs 1325 cents and 1324 are AUTHORIZED at Accounting/,
    ],
    ["an approved order without a ticket", { ...good, tickets: [] }, /a has no ticket/],
    [
      "a ticket of other pizzas",
      { ...good, tickets: [{ ...ticket, pizzas: twoPizzas }] },
      /a and its ticket have other pizzas/,
    ],
    [
      "a ticket that was not revised",
      { ...revised, tickets: [ticket] },
      /a is in revision 1 and its ticket in 0/,
    ],
    [
      "a revised order of which another amount is held",
      { ...revised, ledger: [authorized, { ...change, amount: 2649 }] },
      /a costs 2650 cents and 2649 were authorized/,
    ],
    [
      "an approved order whose authorization was reversed",
      { ...revised, ledger: [authorized, change, reversal] },
      /a is approved and its authorization was reversed/,
    ],
    [
      "a cancelled order that was refunded in part",
      { ...cancelled, ledger: [authorized, change, { ...reversal, amount: 1325 }] },
      /a cost 2650 cents and 1325 were reversed/,
    ],
    [
      "a cancelled order that was refunded twice",
      { ...cancelled, ledger: [authorized, change, reversal, { ...reversal, key: "k4" }] },
      /a has 2 reversals/,
    ],
    [
      "a cancelled order whose authorization stands",
      { ...cancelled, authorizations: [{ ...held, amount: 2650 }] },
      /a cost 2650 cents and 2650 are AUTHORIZED at Accounting/,
    ],
    ["a cancelled order without authorization", { ...cancelled, ledger: [] }, /a is cancelled and has no/],
    [
      "a large order that was charged before it was approved",
      { ...good, sagas: [{ sagaId: "a", end: "waiting" }, ...good.sagas.slice(1)] },
      /a was not approved and has an entry/,
    ],
    [
      "an order that came too late and was not refunded in full",
      {
        ...good,
        sagas: [{ sagaId: "a", end: "rejected" }, ...good.sagas.slice(1)],
        orders: [{ ...approvedOrder, reason: "not approved in time" }, declinedOrder, closedOrder],
        authorizations: [{ ...held, state: "REVERSED" }],
        ledger: [authorized, declined, { ...reversal, amount: 1 }],
      },
      /a cost 1325 cents and 1 were reversed/,
    ],
    ["an order without saga", { ...good, sagas: good.sagas.slice(1) }, /a has the end unknown/],
    ["a saga without order", { ...good, orders: good.orders.slice(0, 2) }, /c is a saga without an order/],
    [
      "a live order with two entries",
      live([authorized, { ...authorized, key: "k3" }]),
      /more than one entry/,
    ],
  ];
  for (const [what, facts, message] of wrong) {
    it(`finds ${what}`, () => {
      const report = audit(facts, { settled: false });
      expect(report.green).toBe(false);
      expect(printAudit(report)).toMatch(message);
      expect(printAudit(report)).toMatch(/^Audit: NOT GREEN/);
    });
  }

  it("is green when a revised order's amount is held, and a cancelled one's is reversed, to the cent", () => {
    expect(audit(revised, settled)).toMatchObject({
      green: true,
      approved: 1,
      revised: 1,
      authorizations: 1,
      approvedCents: 2650,
      authorizedCents: 2650,
    });
    expect(audit(cancelled, settled)).toMatchObject({
      green: true,
      cancelled: 1,
      revised: 1,
      reversals: 1,
      cancelledCents: 2650,
      reversedCents: 2650,
    });
  });

  it("counts what the provider was not notified of yet, and reports it only when all should be settled", () => {
    for (const facts of [
      { ...revised, ledger: [authorized] },
      { ...cancelled, ledger: [authorized, change] },
    ]) {
      expect(audit(facts, { settled: false })).toMatchObject({ green: true, uncleared: 1 });
      const report = audit(facts, settled);
      expect(report).toMatchObject({ green: false, uncleared: 1 });
      expect(printAudit(report)).toMatch(/a was cancelled or revised, and the provider was not notified/);
    }
  });

  it("counts live sagas, and minds them only when all should have ended", () => {
    expect(audit(live([authorized]), { settled: false })).toMatchObject({ green: true, live: 1 });
    expect(audit(live([authorized]), settled)).toMatchObject({ green: false, live: 1 });
  });

  it("lists twenty findings and counts the rest", () => {
    const sagas = Array.from({ length: 25 }, (_, n) => ({ sagaId: `s${n}`, end: "approved" }));
    const report = audit({ ...noFacts, sagas }, settled);
    expect(report.findings).toHaveLength(20);
    expect(printAudit(report)).toMatch(/and 5 more\n$/);
  });
});

describe("the audit of many orders", () => {
  const ids = Array.from({ length: 2_500 }, (_, n) => String(9_999 - n));
  const orderOf = (orderId: string) => ({
    ...approvedOrder,
    state: "APPROVED",
    orderId,
    consumerId: "",
    placedAt: "",
    lines: [...pizzas],
    revision: 0,
    kept: undefined,
  });
  const entryOf = (reference: string, entry: number) => ({
    ...authorized,
    reference,
    entry,
    key: reference,
    cardToken: "",
    authorizationId: "",
    added: false,
  });
  const entries = ids.map((id, index) => entryOf(id, index + 1));
  const largest = { sagas: 0, orders: 0, ledger: 0 };
  const counted = <T>(kind: keyof typeof largest, items: readonly T[]): readonly T[] => {
    largest[kind] = Math.max(largest[kind], items.length);
    return items;
  };
  const sources = (known: readonly string[], ledger = entries): AuditSources => ({
    orders: {
      find: async (wanted) => counted("orders", wanted.filter((id) => known.includes(id)).map(orderOf)),
    },
    sagas: async ({ limit, before }) =>
      counted(
        "sagas",
        known
          .filter((id) => before === undefined || id < before)
          .slice(0, limit)
          .map((sagaId) => ({ sagaId, end: "approved" })),
      ),
    tickets: async (wanted) => wanted.map((orderId) => ({ ...ticket, orderId })),
    authorizations: async (wanted) => wanted.map((orderId) => ({ ...held, orderId })),
    ledger: {
      of: async (wanted) =>
        counted(
          "ledger",
          ledger.filter(({ reference }) => wanted.includes(reference)),
        ),
      page: async (after, limit) =>
        counted("ledger", ledger.filter(({ entry }) => entry > after).slice(0, limit)),
    },
  });

  it("goes page by page and counts them all", async () => {
    expect(await auditAll(sources(ids), settled)).toMatchObject({
      green: true,
      orders: 2_500,
      approved: 2_500,
      authorizations: 2_500,
      approvedCents: 2_500 * 1_325,
      authorizedCents: 2_500 * 1_325,
    });
    expect(largest).toEqual({ sagas: 1_000, orders: 1_000, ledger: 1_000 });
  });

  it("reads a page again whose orders went on meanwhile, and finds what stays", async () => {
    let readings = 0;
    const moving: AuditSources = {
      ...sources(ids),
      authorizations: async (wanted) => {
        readings += 1;
        const amount = readings === 1 ? 1 : held.amount;
        return wanted.map((orderId) => ({ ...held, orderId, amount }));
      },
    };
    expect(await auditAll(moving, { settled: false })).toMatchObject({ green: true, orders: 2_500 });
    expect(readings).toBe(4);
  });

  it("finds entries without an order on any page, and lists twenty findings of all", async () => {
    const strays = Array.from({ length: 30 }, (_, n) => entryOf(`stray-${n}`, 2_501 + n));
    const report = await auditAll(sources(ids, [...entries, ...strays]), settled);
    expect(report).toMatchObject({ green: false, orders: 2_500, findingsCount: 30 });
    expect(report.findings).toHaveLength(20);
  });
});
