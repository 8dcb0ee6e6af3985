// The audit: what agrees is green, and each way of disagreeing is found.
import { describe, expect, it } from "vitest";
import { audit, type AuditFacts, type EntryFact } from "./audit.ts";
import { auditAll, type AuditSources } from "./collect.ts";
import { printAudit } from "./print.ts";

const authorized: EntryFact = { key: "k1", reference: "a", amount: 1325, answer: "authorized" };
const declined: EntryFact = { key: "k2", reference: "b", amount: 2000, answer: "declined" };
const approvedOrder = { orderId: "a", total: 1325, reason: undefined };
const declinedOrder = { orderId: "b", total: 2000, reason: "card declined" };
const closedOrder = { orderId: "c", total: 900, reason: "restaurant closed" };
const good: AuditFacts = {
  sagas: [
    { sagaId: "a", end: "approved" },
    { sagaId: "b", end: "rejected" },
    { sagaId: "c", end: "rejected" },
  ],
  orders: [approvedOrder, declinedOrder, closedOrder],
  ledger: [authorized, declined],
};
const settled = { settled: true };
const live = (ledger: readonly EntryFact[]): AuditFacts => ({
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
      live: 0,
      authorizations: 1,
      declined: 1,
      approvedCents: 1325,
      authorizedCents: 1325,
      findings: [],
      findingsCount: 0,
    });
  });

  it("is green when there is nothing", () => {
    expect(audit({ sagas: [], orders: [], ledger: [] }, settled).green).toBe(true);
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

  it("counts live sagas, and minds them only when all should have ended", () => {
    expect(audit(live([authorized]), { settled: false })).toMatchObject({ green: true, live: 1 });
    expect(audit(live([authorized]), settled)).toMatchObject({ green: false, live: 1 });
  });

  it("lists twenty findings and counts the rest", () => {
    const sagas = Array.from({ length: 25 }, (_, n) => ({ sagaId: `s${n}`, end: "approved" }));
    const report = audit({ sagas, orders: [], ledger: [] }, settled);
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
    lines: [],
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

  it("finds entries without an order on any page, and lists twenty findings of all", async () => {
    const strays = Array.from({ length: 30 }, (_, n) => entryOf(`stray-${n}`, 2_501 + n));
    const report = await auditAll(sources(ids, [...entries, ...strays]), settled);
    expect(report).toMatchObject({ green: false, orders: 2_500, findingsCount: 30 });
    expect(report.findings).toHaveLength(20);
  });
});
