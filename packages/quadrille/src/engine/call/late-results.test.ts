// Calls that work although their engine stops meanwhile: what they came back with is recorded as long as the
// database is open, so that the next engine does not make them again.
import { expect, it } from "vitest";
import { gate, type World } from "../../../test/engine-world.ts";
import { cancel, good, pay, payingWorld, reactions } from "../../../test/paying-choreography.ts";

/**
 * A payment whose calls ignore their signal: each comes back when its gate is opened. Their ids are
 * added to `calls`.
 */
function deafWorld(gates: readonly ReturnType<typeof gate>[], calls: string[] = []): World {
  return payingWorld(async ({ id }) => {
    const nth = calls.push(id);
    await gates[nth - 1]?.opened;
    return { ...good, receipt: `receipt ${nth}` };
  });
}

it.each([
  ["while it stops", true],
  ["after it has stopped", false],
])("a call that comes back %s is recorded, and not made again", async (_, isEarly) => {
  const slow = gate();
  const calls: string[] = [];
  await using here = deafWorld([slow], calls);
  const engine = await here.start();
  const { sagaId } = await engine.send(pay);
  await here.calm();
  if (isEarly) slow.open();
  await here.stop(engine);
  slow.open();
  await here.calm();
  expect(await here.parked("payer")).toMatchObject([{ kind: "activity", attempts: 0, error: undefined }]);
  await here.start();
  await here.pass(1_000);
  expect(calls).toHaveLength(1);
  expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
  expect(await here.parked("payer")).toEqual([]);
});

it("a call that comes back late, whose next attempt had failed before, keeps its place and its result", async () => {
  const slow = gate();
  const calls: string[] = [];
  await using here = deafWorld([slow], calls);
  const engine = await here.start();
  const { sagaId } = await engine.send(pay);
  // Past its time limit: it is aborted, and waits for its next attempt.
  await here.pass(10_000);
  await here.stop(engine);
  slow.open();
  await here.calm();
  await here.start();
  await here.pass(60_000);
  expect(calls).toHaveLength(1);
  expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
});

it("a call that comes back after the next engine has made it once more has one effect", async () => {
  const [first, second] = [gate(), gate()];
  const calls: string[] = [];
  await using here = deafWorld([first, second], calls);
  const engine = await here.start();
  const { sagaId } = await engine.send(pay);
  await here.calm();
  await here.stop(engine);
  await here.start();
  await here.calm();
  first.open();
  await here.pass(5_000);
  second.open();
  await here.pass(5_000);
  expect(new Set(calls).size).toBe(1);
  expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "charge PAID"]);
  expect(await here.parked("payer")).toEqual([]);
  expect(await here.audit()).toEqual([]);
});

it("a call that comes back after its state was left is not recorded", async () => {
  const slow = gate();
  await using here = deafWorld([slow, gate()]);
  const engine = await here.start();
  const { sagaId } = await engine.send(pay);
  await here.calm();
  await here.stop(engine);
  await (await here.start()).send(cancel, { sagaId });
  slow.open();
  await here.calm();
  expect(await here.parked("payer")).toEqual([]);
  expect(await reactions(here, sagaId)).toEqual(["pay CHARGING", "cancel CANCELLED"]);
});
