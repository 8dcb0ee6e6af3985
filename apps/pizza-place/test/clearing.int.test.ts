// The provider is notified of every reversal and every changed amount once, whatever fails in between; the
// books agree to the cent.
import { describe, expect, it } from "vitest";
import { soon } from "../../../test/soon.ts";
import { clear } from "../src/accounting/clearing.ts";
import { recordChanges } from "../src/payment-provider/ledger.ts";
import type { ProviderChange } from "../src/payment-provider/provider.ts";
import { databases, startWorld } from "./world.ts";

describe.each(databases)("the clearing on %s", (kind) => {
  it("notifies the provider once, also when its answer is lost, and in the order of the changes", async () => {
    await using world = await startWorld(kind);
    const { place, engine, books, year } = world.system;
    const { sql } = books;
    const end = async (sagaId: string) => (await engine.saga(sagaId).ended({ signal: soon() }))?.end;
    const live = async (order: (typeof year)[number], index: number): Promise<void> => {
      const { sagaId } = await place.placeOrder(order);
      if ((await end(sagaId)) !== "approved") return;
      const cheaper = order.lines.map((line) => ({ ...line, price: line.price - 1 }));
      const total = cheaper.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
      if (index % 3 > 0) await place.reviseOrder(sagaId, { lines: cheaper, total, basedOn: 0 });
      await end(sagaId);
      if (index % 3 > 1) await place.decideOnOrder(sagaId, "cancel");
      await end(sagaId);
    };
    await Promise.all(year.slice(0, 30).map(live));
    const before = await books.audit({ settled: false });
    expect(before).toMatchObject({ green: true, reversals: 0 });
    expect(before.uncleared).toBeGreaterThan(10);
    expect((await books.audit({ settled: true })).green).toBe(false);

    let asked = 0;
    const send = async (changes: readonly ProviderChange[]) => {
      await recordChanges(sql, changes);
      asked += 1;
      if (asked === 1) throw new Error("the answer was lost");
    };
    await expect(clear({ sql, report: send, lanes: 1 })).rejects.toThrow("the answer was lost");
    await clear({ sql, report: send, lanes: 1 });
    await clear({ sql, report: send, lanes: 1 });
    expect(asked).toBe(2);
    const report = await place.audit({ settled: true });
    expect(report).toMatchObject({ green: true, uncleared: 0, findings: [], live: 0 });
    expect(report.cancelled).toBeGreaterThan(5);
    expect(report.reversals).toBe(report.cancelled);
    expect(report.reversedCents).toBe(report.cancelledCents);
    expect(report.approvedCents).toBe(report.authorizedCents);
    await expect(
      recordChanges(sql, [
        { key: "k", kind: "reversal", authorizationId: "auth-0", reference: "x", amount: 1 },
      ]),
    ).rejects.toThrow("an authorization that its ledger does not have");
  });
});
