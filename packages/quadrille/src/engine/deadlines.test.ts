// Deadlines: armed while a state holds, fired once, never after the state was left, kept over restarts.
import { describe, expect, it } from "vitest";
import { withHandler } from "../../test/with-handler.ts";
import { statusOf, World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, ignore, lock, on } from "../contract/reaction.ts";
import { all, command, event } from "../contract/trigger.ts";
import { scriptedServices } from "../testing/scripted.ts";
import { directTransport } from "../transport/direct.ts";
import type { Transport } from "../transport/transport.ts";
import { defaultLimits } from "./message/limits.ts";

const Asked = event("Asked");
const Answered = event("Answered");
const Confirmed = event("Confirmed");
const Expired = event("Expired");
const ask = command("ask");
const answer = command("answer");
const confirm = command("confirm");
const touch = command("touch");

const asker = participant("asker", {
  entity: "Question",
  initial: "NEW",
  states: {
    NEW: [on(ask, to("OPEN").emits(Asked)), ignore(Answered), ignore(Confirmed)],
    OPEN: lock([
      on(all(Answered, Confirmed), to("CLOSED")),
      on(touch, to("OPEN")),
      after("15m", to("EXPIRED").emits(Expired)),
    ]),
    CLOSED: [],
    EXPIRED: [ignore(Answered), ignore(Confirmed)],
  },
});
const answerer = participant("answerer", {
  entity: "Answer",
  initial: "NEW",
  states: {
    NEW: [
      on(Asked, to("ASKED")),
      on(answer, to("NEW").emits(Answered)),
      on(confirm, to("NEW").emits(Confirmed)),
    ],
    ASKED: [on(answer, to("ASKED").emits(Answered)), on(confirm, to("ASKED").emits(Confirmed))],
  },
});
const questions = choreography("Questions", {
  participants: [asker, answerer],
  ends: { closed: { asker: "CLOSED" }, expired: { asker: "EXPIRED" } },
  publicEvents: [Expired],
});

const minute = 60_000;
/** Long, so that minutes pass quickly. */
const pollMs = 5_000;

function world(fails: () => boolean = () => false): World {
  const services = scriptedServices(questions, { choose: () => "" }).map((one) => {
    const handler = () => {
      if (fails()) throw new Error("the clock is broken");
      return { outcome: "", payloads: {} };
    };
    const at = { state: "OPEN", trigger: "after 15m" };
    return one.participant.name === "asker" ? withHandler(one, at, handler) : one;
  });
  return new World({ choreography: questions, services, limits: { pollMs } });
}

async function reactions(here: World, sagaId: string): Promise<readonly string[]> {
  const timeline = await (await here.store("asker")).timeline(sagaId);
  return timeline.map(({ trigger }) => trigger);
}

describe("a deadline", () => {
  it("fires once, when its time has come and not before", async () => {
    await using here = world();
    const engine = await here.start();
    const { sagaId } = await engine.send(ask);
    await here.pass(15 * minute - 1);
    expect(await here.states(sagaId)).toMatchObject({ asker: "OPEN" });
    await here.pass(1);
    expect(await here.states(sagaId)).toMatchObject({ asker: "EXPIRED" });
    await here.pass(60 * minute);
    expect(await reactions(here, sagaId)).toEqual(["ask", "after 15m"]);
    expect(await here.audit()).toEqual([]);
  });

  it("does not fire when its state was left: a timeout fires after completion (wolverine #1095) is excluded", async () => {
    await using here = world();
    const engine = await here.start();
    const { sagaId } = await engine.send(ask);
    await engine.send(answer, { sagaId });
    await engine.send(confirm, { sagaId });
    await here.pass(60 * minute);
    expect(await here.states(sagaId)).toMatchObject({ asker: "CLOSED" });
    expect(statusOf(engine, "asker").parked.dead).toBe(0);
  });

  it("and an event at the same moment have one effect, whichever is first: decided from a stale read (vercel/workflow #2029) is excluded", async () => {
    await using here = world();
    const engine = await here.start();
    const { sagaId } = await engine.send(ask);
    await engine.send(answer, { sagaId });
    await here.calm();
    here.ambient.advance(15 * minute);
    await engine.send(confirm, { sagaId });
    await here.pass(minute);
    const states = await here.states(sagaId);
    expect(["CLOSED", "EXPIRED"]).toContain(states["asker"]);
    expect(await reactions(here, sagaId)).toHaveLength(3);
    expect(statusOf(engine, "asker").parked.dead).toBe(0);
    expect(await here.audit()).toEqual([]);
  });

  it.each([
    ["one page of the journal", 512],
    ["many pages", 2],
  ])("loses to events that were published before it while its process was away, with %s", async (_, rows) => {
    await using here = world();
    const limits = { pollMs, readRowsMax: rows };
    const [mine, others] = [here.options.services.slice(0, 1), here.options.services.slice(1)];
    const asking = await here.start({ services: mine, limits });
    const answering = await here.start({ services: others, limits });
    const sagas = await Promise.all(Array.from({ length: 10 }, () => asking.send(ask)));
    await here.pass(minute);
    await here.stop(asking);
    for (const { sagaId } of sagas) {
      await answering.send(answer, { sagaId });
      await answering.send(confirm, { sagaId });
    }
    await here.pass(60 * minute);
    await here.start({ services: mine, limits });
    await here.pass(minute);
    for (const { sagaId } of sagas) expect(await here.states(sagaId)).toMatchObject({ asker: "CLOSED" });
    expect(await here.audit()).toEqual([]);
  });

  it("waits for a read of a slow transport that is not partial, without asking again and again", async () => {
    await using here = world();
    const [mine, others] = [here.options.services.slice(0, 1), here.options.services.slice(1)];
    const direct = directTransport(new Map([["answerer", await here.store("answerer")]]));
    let reads = 0;
    let isSlow = true;
    const transport: Transport = {
      ...direct,
      read: (reading) => {
        reads += 1;
        return isSlow ? Promise.resolve({ rows: [], isPartial: true }) : direct.read(reading);
      },
    };
    const asking = await here.start({ services: mine, transport });
    const answering = await here.start({ services: others });
    const { sagaId } = await asking.send(ask);
    await answering.send(answer, { sagaId });
    await answering.send(confirm, { sagaId });
    await here.pass(15 * minute);
    reads = 0;
    await here.pass(5 * minute);
    expect(await here.states(sagaId)).toMatchObject({ asker: "OPEN" });
    expect(reads).toBeLessThan((3 * 5 * minute) / pollMs);
    isSlow = false;
    await here.pass(minute);
    expect(await here.states(sagaId)).toMatchObject({ asker: "CLOSED" });
    expect(await here.audit()).toEqual([]);
  });

  it("goes before events that were published after it", async () => {
    await using here = world();
    const limits = { pollMs, readRowsMax: 4, batchMessagesMax: 4 };
    const [mine, others] = [here.options.services.slice(0, 1), here.options.services.slice(1)];
    const asking = await here.start({ services: mine, limits });
    const answering = await here.start({ services: others, limits });
    const { sagaId } = await asking.send(ask);
    await here.pass(minute);
    await here.stop(asking);
    await here.pass(60 * minute);
    for (let count = 0; count < 40; count += 1) await answering.send(answer, { sagaId: `late-${count}` });
    await answering.send(answer, { sagaId });
    await answering.send(confirm, { sagaId });
    await here.start({ services: mine, limits });
    await here.pass(minute);
    expect(await here.states(sagaId)).toMatchObject({ asker: "EXPIRED" });
    expect(await here.audit()).toEqual([]);
  });

  it("survives a restart, and fires at once when it fell due meanwhile", async () => {
    await using here = world();
    const first = await here.start();
    const [early, late] = [await first.send(ask), await first.send(ask)];
    await here.pass(5 * minute);
    const third = await first.send(ask);
    await here.stop(first);
    await here.pass(10 * minute);
    await here.start();
    await here.calm();
    expect(await here.states(early.sagaId)).toMatchObject({ asker: "EXPIRED" });
    expect(await here.states(late.sagaId)).toMatchObject({ asker: "EXPIRED" });
    expect(await here.states(third.sagaId)).toMatchObject({ asker: "OPEN" });
    await here.pass(5 * minute);
    expect(await here.states(third.sagaId)).toMatchObject({ asker: "EXPIRED" });
  });

  it("counts from when its state was entered, whatever happens in it", async () => {
    await using here = world();
    const engine = await here.start();
    const { sagaId } = await engine.send(ask);
    await here.pass(10 * minute);
    await engine.send(touch, { sagaId });
    await here.pass(4 * minute);
    // A fact of the join does not leave the state that waits for all of them.
    await engine.send(answer, { sagaId });
    await here.pass(minute);
    expect(await here.states(sagaId)).toMatchObject({ asker: "EXPIRED" });
  });

  it("is tried again when its handler throws, and others fire meanwhile", async () => {
    let failing = true;
    await using here = world(() => failing);
    const engine = await here.start({ limits: { pollMs, attemptsMax: 3 } });
    const { sagaId } = await engine.send(ask);
    await here.pass(15 * minute);
    await here.until(() => statusOf(engine, "asker").parked.dead === 1);
    expect(await here.states(sagaId)).toMatchObject({ asker: "OPEN" });
    const { commits } = statusOf(engine, "asker");
    await here.pass(minute);
    expect(statusOf(engine, "asker").commits - commits).toBeLessThan(2);
    failing = false;
    const other = await engine.send(ask);
    await here.pass(15 * minute + pollMs);
    expect(await here.states(other.sagaId)).toMatchObject({ asker: "EXPIRED" });
    await here.operate("asker", () => ({ redrive: true }));
    await here.pass(defaultLimits.renewMs + pollMs + 1);
    expect(await here.states(sagaId)).toMatchObject({ asker: "EXPIRED" });
    expect(await here.parked("asker")).toEqual([]);
  });

  it("fires for all that are due, more than a batch holds, and dead ones are not in the way", async () => {
    let failing = true;
    await using here = world(() => failing);
    const engine = await here.start({ limits: { pollMs, batchMessagesMax: 8, attemptsMax: 1 } });
    for (let count = 0; count < 10; count += 1) await engine.send(ask);
    await here.pass(15 * minute);
    await here.until(() => statusOf(engine, "asker").parked.dead === 10);
    failing = false;
    const sagas = await Promise.all(Array.from({ length: 50 }, () => engine.send(ask)));
    await here.pass(15 * minute + 2 * pollMs);
    const states = await Promise.all(sagas.map(({ sagaId }) => here.states(sagaId)));
    expect(new Set(states.map(({ asker: state }) => state))).toEqual(new Set(["EXPIRED"]));
  });
});
