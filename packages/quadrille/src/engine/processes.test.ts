// Two processes on one database, one at rest: it must not decide from what it remembers when the other has
// written.
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { statusOf, World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { after, defer, ignore, on } from "../contract/reaction.ts";
import { activity, command, event } from "../contract/trigger.ts";
import { scriptedServices } from "../testing/scripted.ts";
import type { Engine } from "./message/api.ts";
import { defaultLimits } from "./message/limits.ts";

const Opened = event("Opened");
const Knocked = event("Knocked");
const open = command("open");
const knock = command("knock");
const shut = command("shut");
const lockUp = command("lockUp");
const phone = command("phone");
const call = activity("call");

const guest = participant("guest", {
  entity: "Visit",
  initial: "AWAY",
  states: { AWAY: [on(open, to("HERE").emits(Opened))], HERE: [on(knock, to("HERE").emits(Knocked))] },
});
const porter = participant("porter", {
  entity: "Gate",
  initial: "NONE",
  states: {
    NONE: [on(Opened, to("OPEN")), defer(Knocked)],
    OPEN: [ignore(Knocked), on(shut, to("SHUT")), on(lockUp, to("LOCKED")), on(phone, to("PHONING"))],
    SHUT: [on(Knocked, to("ANSWERED"))],
    LOCKED: [after("10s", to("SHUT")), defer(Knocked)],
    PHONING: [on(call, to("SHUT")), defer(Knocked)],
    ANSWERED: [ignore(Knocked)],
  },
});
const visit = choreography("Visit", {
  participants: [guest, porter],
  ends: { answered: { porter: "ANSWERED" } },
  commands: { knock: "unbounded" },
});

type LaterCommand = typeof shut | typeof lockUp | typeof phone;

/** One process that remembers an open gate; another one has taken the command since, and is gone. */
async function left(
  here: World,
  later: LaterCommand,
  made = async (): Promise<unknown> => undefined,
): Promise<Engine> {
  const one = await here.start();
  await one.send(open, { sagaId: "s" });
  await here.calm();
  const two = await here.start({ services: scriptedServices(visit, { choose: () => "", call: made }) });
  await two.send(later, { sagaId: "s" });
  await here.calm();
  await here.stop(two);
  return one;
}

function world(): World {
  return new World({ choreography: visit, services: scriptedServices(visit, { choose: () => "" }) });
}
const lookMs = defaultLimits.renewMs + defaultLimits.pollMs + 1;

describe("a process at rest, when another one has written to its lane and is gone", () => {
  it("does not ignore an event for what the entity was", async () => {
    await using here = world();
    const one = await left(here, shut);
    await here.pass(lookMs);
    await one.send(knock, { sagaId: "s" });
    await one.idle({ signal: soon() });
    expect(await here.states("s")).toMatchObject({ porter: "ANSWERED" });
    expect(await here.audit()).toEqual([]);
  });

  it("does not ignore it either when no notice has come yet", async () => {
    await using here = world();
    const one = await left(here, shut);
    await one.send(knock, { sagaId: "s" });
    await one.idle({ signal: soon() });
    expect(await here.states("s")).toMatchObject({ porter: "ANSWERED" });
  });

  it("keeps the deadline that the other has armed", async () => {
    await using here = world();
    await left(here, lockUp);
    expect(await here.states("s")).toMatchObject({ porter: "LOCKED" });
    await here.pass(10_000 + lookMs);
    expect(await here.states("s")).toMatchObject({ porter: "SHUT" });
  });

  it("makes the call that the other has begun", async () => {
    await using here = world();
    await left(here, phone, () => new Promise(() => undefined));
    expect(await here.states("s")).toMatchObject({ porter: "PHONING" });
    await here.pass(lookMs);
    expect(await here.states("s")).toMatchObject({ porter: "SHUT" });
  });

  it("retries the call that failed there", async () => {
    await using here = world();
    const one = await left(here, phone, () => Promise.reject(new Error("busy")));
    expect(await here.parked("porter")).toMatchObject([{ reason: "retrying", kind: "activity" }]);
    await here.pass(lookMs + 1_000);
    expect(await here.states("s")).toMatchObject({ porter: "SHUT" });
    expect(statusOf(one, "porter").parked.retrying).toBe(0);
  });
});
