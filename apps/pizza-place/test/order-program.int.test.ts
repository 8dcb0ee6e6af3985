// `npm run order` asks the running process: an order is shown, revised, cancelled, and refused with what
// holds it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeAddress } from "../src/address.ts";
import { askRunning } from "../src/ask-running.ts";
import { readOrderRequest } from "../src/order-options.ts";
import { temporaryFolder } from "./child.ts";
import { startWorld, type TestWorld } from "./world.ts";

describe("npm run order", () => {
  const { folder, remove } = temporaryFolder();
  let world: TestWorld;
  beforeAll(async () => {
    world = await startWorld("PGlite");
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    remove();
  });

  const run = async (...args: readonly string[]) => {
    const request = readOrderRequest([...args, "--data-folder", folder]);
    if (request === "help") throw new Error("this is no help");
    return await askRunning(request);
  };

  it("says in one sentence where no pizza place runs", async () => {
    await expect(run("show", "a")).rejects.toThrow(/^No pizza place runs with the data folder [^\n]*$/);
  });

  it("changes an order, and says what holds one that it cannot change", async () => {
    await writeAddress(folder, world.url);
    const { engine, place, year } = world.system;
    const ended = async (id: string) =>
      (await engine.saga(id).ended({ signal: AbortSignal.timeout(20_000) }))?.end;
    let sagaId = "";
    for (const order of year) {
      ({ sagaId } = await place.placeOrder(order));
      if ((await ended(sagaId)) === "approved") break;
    }
    expect((await run("show", sagaId)).text).toMatch(new RegExp(`^${sagaId}: APPROVED, \\$\\d+\\.\\d\\d$`));
    expect(await run("accept", sagaId)).toEqual({ text: `${sagaId}: ACCEPTED`, exitCode: 0 });
    const late = await run("accept", sagaId);
    expect(late.exitCode).toBe(1);
    expect(late.text).toMatch(
      /it must be AWAITING_ACCEPTANCE, and it is ACCEPTED since \S+, by acceptTicket\.$/,
    );
    expect((await run("revise", sagaId, "hawaiian:S:1")).text).toMatch(/: REVISION_PENDING, /);
    await ended(sagaId);
    expect((await run("show", sagaId)).text).toContain("APPROVED, $10.50, revision 1");
    expect((await run("cancel", sagaId)).exitCode).toBe(0);
    await ended(sagaId);
    const { text } = await run("show", sagaId, "--json");
    expect(JSON.parse(text)).toMatchObject({ state: "CANCELLED", totalCents: 10_50, revision: 1 });
  });
});
