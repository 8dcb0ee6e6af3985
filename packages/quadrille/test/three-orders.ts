// Three orders, one of each kind of end, placed by processes that may fail; and what must be true when all is
// over.
import { expect } from "vitest";
import type { Choreography } from "../src/contract/choreography.ts";
import { fromJson } from "../src/contract/json/from-json.ts";
import { command, type CommandType } from "../src/contract/trigger.ts";
import type { Answer, Engine } from "../src/engine/message/api.ts";
import { scriptedServices } from "../src/testing/scripted.ts";
import { World } from "./engine-world.ts";
import { reference } from "./reference-choreographies.ts";

const createOrder: Choreography = fromJson(reference("create-order"));
/** The command that begins a saga. */
export const create: CommandType = command("createOrder");
/** The sagas. */
export const sagas: readonly string[] = ["one", "two", "three"];

/**
 * Saga three is rejected by the kitchen, two's card is declined. `charged` is the payment provider's ledger.
 */
export function ordersWorld(): { readonly here: World; readonly charged: Map<string, number> } {
  const charged = new Map<string, number>();
  const services = scriptedServices(createOrder, {
    choose: ({ sagaId, participant, outcomes }) => {
      const refused =
        (sagaId === "three" && participant === "Kitchen") ||
        (sagaId === "two" && participant === "Accounting");
      return outcomes[refused ? 1 : 0] ?? "";
    },
    call: async ({ id }) => {
      charged.set(id, (charged.get(id) ?? 0) + 1);
    },
  });
  // Poll seldom: time passes in few steps.
  const limits = { pollMs: 1_000, renewMs: 1_000 };
  return { here: new World({ choreography: createOrder, services, limits }), charged };
}

/** Sends every order until it is answered, by whichever engine lives. */
export async function place(here: World, engine: () => Engine): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  const send = async (sagaId: string): Promise<void> => {
    try {
      const options = { sagaId, idempotencyKey: `order ${sagaId}` };
      answers.set(sagaId, await engine().send(create, options));
    } catch {
      // Asked again below.
    }
  };
  for (const sagaId of sagas) void send(sagaId);
  await here.pass(1_000);
  for (const sagaId of sagas) if (!answers.has(sagaId)) void send(sagaId);
  await here.until(() => answers.size === sagas.length);
  return answers;
}

/** Waits until every saga has ended, and checks that nothing was lost and nothing happened twice. */
export async function expectDone(here: World, charged: ReadonlyMap<string, number>): Promise<void> {
  await here.until(async () => {
    const states = await Promise.all(sagas.map((sagaId) => here.states(sagaId)));
    const [one, two, three] = states;
    return (
      one?.["Kitchen"] === "AWAITING_ACCEPTANCE" &&
      two?.["Kitchen"] === "REJECTED" &&
      three?.["Accounting"] === "FAILED" &&
      states.every(({ Order }) => Order === "APPROVED" || Order === "REJECTED")
    );
  });
  await here.pass(1_000);
  expect(await here.audit()).toEqual([]);
  expect(new Set(charged.keys()).size).toBe(2);
  for (const name of ["Order", "Consumer", "Kitchen", "Accounting"])
    expect(await here.parked(name)).toEqual([]);
}
