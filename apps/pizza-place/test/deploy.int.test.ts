// From Create Order to the order's life: may it be deployed, judged from what the journals hold; and then it
// is.
import { startEngine, toJson } from "quadrille";
import { canDeploy } from "quadrille/check";
import { describe, expect, it } from "vitest";
import { soon } from "../../../test/soon.ts";
import { orderLife } from "../src/choreography.ts";
import { servicesOf } from "../src/composition/contracts.ts";
import { orderLifeWithDeadline } from "../src/life/with-deadline.ts";
import { cancelOrder, createOrder } from "../src/order/contract.ts";
import type { AuthorizationRequest, ProviderAnswer } from "../src/payment-provider/provider.ts";
import { createOrderSaga, createOrderServices } from "./create-order.ts";
import { known, pizzas, request } from "./life-world.ts";
import { databases, emptyDatabase } from "./world.ts";

const running = toJson(createOrderSaga);
const names = ["Order", "Consumer", "Kitchen", "Accounting"] as const;

describe("may the order's life be deployed over Create Order", () => {
  it("yes, from the beginning and from every state that Create Order can be in", () => {
    expect(canDeploy({ running, next: toJson(orderLife) })).toMatchObject({ verdict: "safe" });
  });

  it("with a deadline not at once: a ticket that waits for the authorization would wait for an approval that was published before", () => {
    expect(canDeploy({ running, next: toJson(orderLifeWithDeadline) }).verdict).not.toBe("safe");
  });
});

describe.each(databases)("on %s, with orders half done", (kind) => {
  it("the life goes on where Create Order was stopped, and ends all of them", async () => {
    const { database, drop } = await emptyDatabase(kind);
    const held = Promise.withResolvers<void>();
    const charged = new Map<string, number>();
    const authorize = async ({ key, reference }: AuthorizationRequest): Promise<ProviderAnswer> => {
      if (reference.startsWith("held")) await held.promise;
      charged.set(reference, (charged.get(reference) ?? 0) + 1);
      return { answer: "authorized", authorizationId: `auth-${key}` };
    };
    const before = await startEngine({
      choreography: createOrderSaga,
      services: createOrderServices({ ...known, provider: { authorize } }),
      database,
    });
    const place = async (sagaId: string, changes: object = {}) =>
      await before.send(createOrder, { ...request, ...changes }, { sagaId });
    for (const id of ["done-1", "done-2"]) {
      await place(id);
      expect((await before.saga(id).ended({ signal: soon() }))?.end).toBe("approved");
    }
    await place("big", pizzas(9));
    expect((await before.saga("big").ended({ signal: soon() }))?.end).toBe("rejected");
    for (const id of ["held-1", "held-2", "held-3"]) await place(id);
    const accounting = await database.inspect({ name: "Accounting" });
    const midway = ["held-1", "held-2", "held-3"];
    await expect
      .poll(async () => [...(await accounting.load(midway)).values()].map(({ state }) => state))
      .toEqual(midway.map(() => "AUTHORIZING"));
    await before[Symbol.asyncDispose]();

    // What the tables hold is what can-deploy is asked about.
    const inFlight = await Promise.all(
      [...midway, "done-1", "big"].map(async (id) => {
        const states = await Promise.all(
          names.map(async (name) => {
            const store = await database.inspect({ name });
            return [name, (await store.load([id])).get(id)?.state] as const;
          }),
        );
        const known = states.flatMap(([name, state]) =>
          state === undefined ? [] : [[name, state] as const],
        );
        const held = id === "done-1" ? 1 : 0;
        return { states: Object.fromEntries(known), tally: { held }, commands: { createOrder: 0 } };
      }),
    );
    expect(canDeploy({ running, next: toJson(orderLife), inFlight })).toMatchObject({ verdict: "safe" });

    held.resolve();
    const after = await startEngine({
      choreography: orderLife,
      services: servicesOf("life", { ...known, provider: { authorize } }),
      database,
    });
    for (const id of midway) expect((await after.saga(id).ended({ signal: soon() }))?.end).toBe("approved");
    for (const id of ["done-1", "held-1"]) {
      const cancelled = await after.send(cancelOrder, { sagaId: id });
      expect(cancelled).toMatchObject({ status: "accepted", state: "CANCEL_PENDING" });
      expect((await after.saga(id).ended({ signal: soon() }))?.end).toBe("cancelled");
    }
    expect((await after.saga("done-2").ended({ signal: soon() }))?.end).toBe("approved");
    expect((await after.saga("big").ended({ signal: soon() }))?.end).toBe("rejected");
    await after.drain();
    await database[Symbol.asyncDispose]();
    await drop();
  });
});
