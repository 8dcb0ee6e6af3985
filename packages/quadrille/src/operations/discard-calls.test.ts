// A dead call that is discarded leads somewhere: to the outcome of a call that was given up, or to a sentence
// that helps.
import { expect, it } from "vitest";
import { begin, callingWorld, givingUpWorld } from "../../test/calling-choreography.ts";
import type { World } from "../../test/engine-world.ts";
import { choreographiesOf } from "../contract/system.ts";
import { NonRetryableError } from "../errors.ts";
import type { Operations } from "./api.ts";
import { openOperations } from "./operations.ts";

const looksMs = 10_000;

function operationsOf({ options, database }: World): Promise<Operations> {
  return openOperations({ choreographies: choreographiesOf(options), database });
}

it("a dead call takes its gave-up outcome when it is discarded, and that says why", async () => {
  const given: unknown[] = [];
  await using here = givingUpWorld({
    // What fits no schema is no answer: a dead letter, whatever the contract says of calls that are given up.
    run: async () => JSON.parse('{ "answer": 42 }') as { answer: string },
    limits: { pollMs: 1_000, renewMs: 1_000 },
    judge: (why) => given.push(why),
  });
  const engine = await here.start();
  const { sagaId } = await engine.send(begin);
  await here.pass(1_000);
  const operations = await operationsOf(here);
  const [dead, ...others] = await operations.parked({ limit: 5 });
  expect(dead).toMatchObject({ reason: "dead", error: { code: "Q_PAYLOAD_INVALID" } });
  expect(others).toEqual([]);
  await operations.discard("caller", dead?.id ?? "", "no answer comes");
  await here.pass(looksMs);
  expect(await here.states(sagaId)).toEqual({ caller: "FAILED" });
  const message = `${dead?.error?.message}; discarded: no answer comes`;
  expect(given).toEqual([{ attempts: 1, error: { code: "Q_PAYLOAD_INVALID", message } }]);
  expect(await operations.parked({ limit: 5 })).toEqual([]);
  expect(await here.audit()).toEqual([]);
});

it("a dead call of which the contract says nothing is refused with what helps", async () => {
  await using here = callingWorld({ run: () => Promise.reject(new NonRetryableError("closed")) });
  const engine = await here.start();
  const { sagaId } = await engine.send(begin, { sagaId: "one" });
  await here.pass(1_000);
  const operations = await operationsOf(here);
  const [dead] = await operations.parked({ limit: 5 });
  await expect(operations.discard("caller", dead?.id ?? "", "no use")).rejects.toMatchObject({
    code: "Q_PARKED_REFUSED",
    message:
      "The message activity/caller/one/1 of caller is what one waits for in CALLING, and the contract does not say what happens when ask is given up: fix its cause and redrive it, or declare gaveUp(ask, …) there.",
  });
  expect(await here.states(sagaId)).toEqual({ caller: "CALLING" });
});
