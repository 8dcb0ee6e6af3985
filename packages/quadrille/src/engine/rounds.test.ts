// Participants of one database work in rounds: what they decide together is committed together, and who is in
// trouble holds up no other participant.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { statusOf, World } from "../../test/engine-world.ts";
import { type Fault, faultyDatabase } from "../../test/faulty-database.ts";
import { answers as answering, asks } from "../../test/small-choreography.ts";
import { create, expectDone, ordersWorld, place } from "../../test/three-orders.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { command } from "../contract/trigger.ts";
import { QuadrilleError } from "../errors.ts";
import { scriptedServices } from "../testing/scripted.ts";

const lost = (what: string): QuadrilleError =>
  new QuadrilleError("Q_STORE_UNREACHABLE", what, { retryable: true });
const ask = command("ask");

/** A asks B; the one asked answers, as far as the database lets them. */
function asking(): World {
  const made = fromJson(asks(answering));
  return new World({ choreography: made, services: scriptedServices(made, { choose: () => "" }) });
}

/** The rounds that were committed, each as its participants. */
function committed(rounds: string[]): Fault {
  return async ({ participant, method, phase }) => {
    if (method === "flush" && phase === "after") rounds.push(participant);
  };
}

describe("a round", () => {
  it("takes a saga of Create Order to its end in two commits: until the card is charged, and from then on", async () => {
    const { here } = ordersWorld();
    await using _ = here;
    const rounds: string[] = [];
    const engine = await here.start({ database: faultyDatabase(here.database, committed(rounds)) });
    await engine.send(create, { sagaId: "one" });
    expect(rounds).toEqual(["Order+Consumer+Kitchen+Accounting"]);
    await engine.idle({ signal: soon() });
    expect(rounds).toEqual(["Order+Consumer+Kitchen+Accounting", "Order+Kitchen+Accounting"]);
    expect(await here.states("one")).toMatchObject({ Order: "APPROVED", Kitchen: "AWAITING_ACCEPTANCE" });
  });

  it("that fails leaves nothing behind of what was handed over in it", async () => {
    await using here = asking();
    const fault: Fault = async ({ participant, method, phase }) => {
      if (method === "flush" && phase === "before" && participant.includes("A")) throw lost("A is broken");
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    const answer = engine.send(ask, { sagaId: "s" });
    const refused = expect(answer).rejects.toMatchObject({ code: "Q_IN_DOUBT" });
    await here.pass(5_000);
    expect(await here.states("s")).toEqual({});
    expect(statusOf(engine, "B")).toMatchObject({ reactions: 0, waiting: 0, trouble: undefined });
    await here.stop(engine);
    await refused;
    const heir = await here.start();
    await heir.send(ask, { sagaId: "s" });
    await heir.idle({ signal: soon() });
    expect(await here.states("s")).toEqual({ A: "done", B: "t" });
    expect(await here.audit()).toEqual([]);
  });
});

describe("a participant that cannot be written", () => {
  it("holds up no other participant, and joins the others again when it can", async () => {
    const { here, charged } = ordersWorld();
    await using _ = here;
    const rounds: string[] = [];
    let broken = true;
    const note = committed(rounds);
    const fault: Fault = async (at) => {
      const isWrite = at.method === "flush" && at.phase === "before";
      if (broken && isWrite && at.participant.includes("Kitchen")) throw lost("no room for tickets");
      await note(at);
    };
    const engine = await here.start({ database: faultyDatabase(here.database, fault) });
    await place(here, () => engine);
    await here.pass(60_000);
    expect(await here.states("one")).toMatchObject({ Order: "APPROVAL_PENDING", Consumer: "VERIFIED" });
    expect(statusOf(engine, "Kitchen").trouble).toBe("no room for tickets");
    expect(statusOf(engine, "Order").trouble).toBe(undefined);
    broken = false;
    await expectDone(here, charged);
    rounds.length = 0;
    await engine.send(create, { sagaId: "four" });
    await engine.idle({ signal: soon() });
    expect(rounds).toEqual(["Order+Consumer+Kitchen+Accounting", "Order+Kitchen+Accounting"]);
  });
});
