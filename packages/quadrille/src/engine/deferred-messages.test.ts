// `defer` is a stash: what came too early is offered again whenever its entity has changed, by whatever
// changed it.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { withHandler } from "../../test/with-handler.ts";
import { statusOf, World } from "../../test/engine-world.ts";
import { choreography, type Choreography } from "../contract/choreography.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, defer, on } from "../contract/reaction.ts";
import { activity, command, event } from "../contract/trigger.ts";
import { scriptedServices } from "../testing/scripted.ts";
import { defaultLimits } from "./message/limits.ts";

const Begun = event("Begun");
const Stopped = event("Stopped");
const Nudged = event("Nudged");
const begin = command("begin");
const stop = command("stop");
const nudge = command("nudge");
const work = activity("work");

const boss = participant("boss", {
  entity: "Plan",
  initial: "OPEN",
  states: {
    OPEN: [
      on(begin, to("OPEN").emits(Begun)),
      on(stop, to("OPEN").emits(Stopped)),
      on(nudge, to("OPEN").emits(Nudged)),
    ],
  },
});

/**
 * A hand that stops only in RESTING. It comes there from BUSY by a nudge, after a minute, or by its work's
 * end.
 */
function workshop(way: "nudge" | "time" | "work"): Choreography {
  const ways = {
    nudge: [on(Nudged, to("RESTING"))],
    time: [after("1m", to("RESTING")), on(Nudged, to("BUSY"))],
    work: [on(work, to("RESTING")), on(Nudged, to("BUSY"))],
  };
  const hand = participant("hand", {
    entity: "Hand",
    initial: "IDLE",
    states: {
      IDLE: [on(Begun, to("BUSY")), defer(Stopped), defer(Nudged)],
      BUSY: [defer(Stopped), ...ways[way]],
      RESTING: [on(Stopped, to("STOPPED")), on(Nudged, to("RESTING"))],
      STOPPED: [on(Nudged, to("STOPPED"))],
    },
  });
  return choreography("Workshop", {
    participants: [boss, hand],
    ends: { stopped: { hand: "STOPPED" } },
    commands: { stop: "unbounded", nudge: "unbounded" },
  });
}

/** `fails` says whether the hand's handler of Nudged throws. */
function world(way: "nudge" | "time" | "work", fails: () => boolean = () => false): World {
  const shop = workshop(way);
  const services = scriptedServices(shop, { choose: () => "" }).map((one) => {
    const handler = () => {
      if (fails()) throw new Error("that hurts");
      return { outcome: "", payloads: {} };
    };
    const at = { state: "BUSY", trigger: "Nudged" };
    return one.participant.name === "hand" ? withHandler(one, at, handler) : one;
  });
  return new World({ choreography: shop, services, limits: { attemptsMax: 1 } });
}

describe("a deferred message", () => {
  it("holds nothing back, and is taken when a message changes the entity", async () => {
    await using here = world("nudge");
    const engine = await here.start();
    const { sagaId } = await engine.send(stop);
    await here.calm();
    expect(statusOf(engine, "hand").parked.deferred).toBe(1);
    await engine.send(begin, { sagaId });
    await here.calm();
    expect(await here.states(sagaId)).toMatchObject({ hand: "BUSY" });
    expect(await here.parked("hand")).toMatchObject([{ reason: "deferred", trigger: "Stopped", version: 1 }]);
    await engine.send(nudge, { sagaId });
    await here.calm();
    expect(await here.states(sagaId)).toMatchObject({ hand: "STOPPED" });
    expect(await here.parked("hand")).toEqual([]);
    expect(await here.audit()).toEqual([]);
  });

  it("is taken when a deadline changes the entity", async () => {
    await using here = world("time");
    const engine = await here.start();
    const { sagaId } = await engine.send(begin);
    await engine.send(stop, { sagaId });
    await here.pass(59_000);
    expect(await here.states(sagaId)).toMatchObject({ hand: "BUSY" });
    await here.pass(1_000);
    expect(await here.states(sagaId)).toMatchObject({ hand: "STOPPED" });
  });

  it("is taken when an activity's result changes the entity", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    await using here = world("work");
    const services = scriptedServices(workshop("work"), { choose: () => "", call: () => promise });
    const engine = await here.start({ services });
    const { sagaId } = await engine.send(begin);
    await engine.send(stop, { sagaId });
    await here.calm();
    expect(await here.states(sagaId)).toMatchObject({ hand: "BUSY" });
    resolve(undefined);
    await engine.idle({ signal: soon() });
    expect(await here.states(sagaId)).toMatchObject({ hand: "STOPPED" });
  });

  it("is not forgotten over a restart", async () => {
    await using here = world("nudge");
    const first = await here.start();
    const { sagaId } = await first.send(stop);
    await first.send(begin, { sagaId });
    await here.calm();
    await here.stop(first);
    const second = await here.start();
    await second.send(nudge, { sagaId });
    await second.idle({ signal: soon() });
    expect(await here.states(sagaId)).toMatchObject({ hand: "STOPPED" });
    expect(await here.parked("hand")).toEqual([]);
  });

  it("is offered in the order of coming, and what is still too early stays", async () => {
    await using here = world("nudge");
    const engine = await here.start();
    const { sagaId } = await engine.send(stop);
    for (const wish of [nudge, nudge]) await engine.send(wish, { sagaId });
    await here.calm();
    expect(statusOf(engine, "hand").parked.deferred).toBe(3);
    await engine.send(begin, { sagaId });
    await engine.idle({ signal: soon() });
    const timeline = await (await here.store("hand")).timeline(sagaId);
    // BUSY still defers Stopped; the first nudge leads to RESTING, and then Stopped, the oldest, goes first.
    expect(timeline.map(({ trigger, to: state }) => `${trigger} ${state}`)).toEqual([
      "Begun BUSY",
      "Nudged RESTING",
      "Stopped STOPPED",
      "Nudged STOPPED",
    ]);
    expect(await here.audit()).toEqual([]);
  });

  it("of another saga stays where it is: a buffered message is matched to the wrong instance (camunda #3444) is excluded", async () => {
    await using here = world("nudge");
    const engine = await here.start();
    const one = await engine.send(stop);
    const two = await engine.send(begin);
    await engine.send(nudge, { sagaId: two.sagaId });
    await engine.idle({ signal: soon() });
    expect(await here.states(two.sagaId)).toMatchObject({ hand: "RESTING" });
    expect(await here.states(one.sagaId)).toEqual({ boss: "OPEN" });
    expect(await here.parked("hand")).toMatchObject([{ sagaId: one.sagaId, reason: "deferred" }]);
  });

  it("is offered when what blocked its key meanwhile is discarded", async () => {
    await using here = world("time", () => true);
    const engine = await here.start();
    const { sagaId } = await engine.send(begin);
    await engine.send(stop, { sagaId });
    await engine.send(nudge, { sagaId });
    await here.calm();
    expect(statusOf(engine, "hand").parked).toMatchObject({ deferred: 1, dead: 1 });
    await here.pass(60_000);
    expect(await here.states(sagaId)).toMatchObject({ hand: "RESTING" });
    await here.operate("hand", ({ reason }) => (reason === "dead" ? { discard: "no" } : undefined));
    await here.pass(defaultLimits.renewMs + defaultLimits.pollMs + 1);
    expect(await here.states(sagaId)).toMatchObject({ hand: "STOPPED" });
  });
});
