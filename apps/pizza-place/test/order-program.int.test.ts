// `npm run order` asks the running process: an order is shown, revised, cancelled, and refused with what
// holds it.
import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soon } from "../../../test/soon.ts";
import { createOrder } from "../src/order/contract.ts";
import { writeAddress } from "../src/shared/address.ts";
import { askRunning } from "../src/programs/order/ask-running.ts";
import { readOrderRequest } from "../src/programs/order/order-options.ts";
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

  /** Places orders of the year until one is approved. */
  async function approved(): Promise<string> {
    const { engine, place, year } = world.system;
    for (const order of year.slice(placed)) {
      placed += 1;
      const { sagaId } = await place.placeOrder(order);
      const end = await engine.saga(sagaId).ended({ signal: soon() });
      if (end?.end === "approved") return sagaId;
    }
    throw new Error("no order of the year is approved");
  }
  let placed = 0;

  it("changes an order, waits for the outcome, and says what holds one that it cannot change", async () => {
    await writeAddress(folder, world.url);
    const sagaId = await approved();
    expect((await run("show", sagaId)).text).toMatch(new RegExp(`^${sagaId}: APPROVED, \\$\\d+\\.\\d\\d$`));
    expect(await run("accept", sagaId)).toEqual({ text: `${sagaId}: ACCEPTED`, exitCode: 0 });
    const late = await run("accept", sagaId);
    expect(late.exitCode).toBe(1);
    expect(late.text).toMatch(
      /it must be AWAITING_ACCEPTANCE, and it is ACCEPTED since \S+, by acceptTicket\.$/,
    );
    expect(await run("revise", sagaId, "hawaiian:S:1")).toEqual({
      text: `${sagaId}: APPROVED, $10.50, revision 1`,
      exitCode: 0,
    });
    expect(await run("cancel", sagaId)).toEqual({
      text: `${sagaId}: CANCELLED, $10.50, revision 1`,
      exitCode: 0,
    });
    const { text } = await run("show", sagaId, "--json");
    expect(JSON.parse(text)).toMatchObject({ state: "CANCELLED", totalCents: 10_50, revision: 1 });
  });

  it("takes the beginning of an id where only one order's begins so", async () => {
    await writeAddress(folder, world.url);
    const { engine, year } = world.system;
    const [order] = year;
    if (order === undefined) throw new Error("the year has orders");
    const place = (sagaId: string) => engine.send(createOrder, order, { sagaId });
    for (const sagaId of ["pie/1", "pie/2", "tart"]) await place(sagaId);
    expect((await run("show", "tart")).text).toMatch(/^tart: /);
    await place("tarts");
    // Exact first, also where another id begins with it.
    expect((await run("show", "tart")).text).toMatch(/^tart: /);
    await expect(run("show", "pie/")).rejects.toThrow(
      /^2 orders begin with pie\/: pie\/1, pie\/2\. Give more of the id\.$/,
    );
    await place("calzone");
    expect((await run("show", "calz")).text).toMatch(/^calzone: /);
    expect((await run("accept", "calz")).text).toMatch(
      /^(calzone: ACCEPTED|To accept the ticket of order calzone it)/,
    );
    expect((await run("show", "cal")).text).toMatch(/^There is no order cal:/);
    expect((await run("show", "calx")).text).toMatch(/^There is no order calx/);
  });

  it("says why a request was refused after it was taken, with exit code 1", async () => {
    await writeAddress(folder, world.url);
    const sagaId = await approved();
    for (const step of ["accept", "prepare", "ready", "pick-up"]) await run(step, sagaId);
    expect(await run("cancel", sagaId)).toEqual({
      text: `Order ${sagaId} was not cancelled: already preparing. It stays APPROVED, and its ticket is PICKED_UP.`,
      exitCode: 1,
    });
    expect(await run("revise", sagaId, "hawaiian:S:1")).toEqual({
      text: `Order ${sagaId} was not revised: already preparing. It stays APPROVED, and its ticket is PICKED_UP.`,
      exitCode: 1,
    });
    const asJson = await run("cancel", sagaId, "--json");
    expect(asJson.exitCode).toBe(1);
    expect(JSON.parse(asJson.text)).toMatchObject({ kept: { request: "cancelOrder" }, state: "APPROVED" });
    const taken = await run("cancel", sagaId, "--wait", "0");
    expect(taken.text).toMatch(/: CANCEL_PENDING, /);
    expect(taken.exitCode).toBe(0);
  });

  it("says that the outcome is not known where it does not come in time, with exit code 1", async () => {
    const slow = createServer((_, response) => {
      response.writeHead(202, { "content-type": "application/json" });
      response.end(JSON.stringify({ orderId: "a", state: "CANCEL_PENDING" }));
    }).listen(0, "127.0.0.1");
    await once(slow, "listening");
    const address = slow.address();
    await writeAddress(folder, `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
    const { text, exitCode } = await run("cancel", "a", "--wait", "1");
    slow.close();
    expect(exitCode).toBe(1);
    expect(text).toBe(
      "The request was taken, and order a is CANCEL_PENDING after 1 s: npm run quadrille -- saga a says what it waits for.",
    );
  });
});
