// Deploying a new version beside running ones: safe, drain first, or no.
import { describe, expect, it } from "vitest";
import { reference } from "../../test/reference-choreographies.ts";
import { choreography, end } from "../../test/small-choreography.ts";
import type { ChoreographyJson, ParticipantJson } from "../contract/json-form.ts";
import { canDeploy, replaceParts } from "./can-deploy.ts";

const running = reference("create-order");
const kitchen = part("Kitchen");

function part(name: string): ParticipantJson {
  const participant = running.participants[name];
  if (participant === undefined) throw new Error(name);
  return participant;
}

/** The kitchen with some of its states changed or left out. */
function kitchenWith(
  states: Readonly<Record<string, ParticipantJson["states"][string] | undefined>>,
): ChoreographyJson {
  const merged = Object.entries({ ...kitchen.states, ...states }).flatMap(([name, state]) =>
    state === undefined ? [] : [[name, state] as const],
  );
  return replaceParts(running, {
    participants: { Kitchen: { ...kitchen, states: Object.fromEntries(merged) } },
  });
}

const paid = {
  states: {
    Order: "APPROVED",
    Consumer: "VERIFIED",
    Kitchen: "AWAITING_ACCEPTANCE",
    Accounting: "AUTHORIZED",
  },
  tally: { held: 1 },
};

it("the same version may be deployed", () => {
  expect(canDeploy({ running, next: running })).toMatchObject({
    verdict: "safe",
    inFlight: 115,
    findings: [],
  });
});

it("a version that forgets the tombstone may not", () => {
  const { OrderRejected: _, ...on } = kitchen.states["ABSENT"]?.on ?? {};
  const report = canDeploy({ running, next: kitchenWith({ ABSENT: { on } }) });
  expect(report.verdict).toBe("no");
  expect(report.findings.map(({ code, at }) => `${code} ${at}`)).toEqual([
    "P1 /participants/Kitchen/states/ABSENT/on/OrderRejected",
  ]);
  expect(report.findings[0]?.path.map(({ trigger }) => trigger)).toEqual([
    "createOrder",
    "OrderCreated",
    "ConsumerVerificationFailed",
    "OrderRejected",
  ]);
});

it("a version that renames a state needs the sagas in it to end first", () => {
  const renamed = JSON.stringify(running).replaceAll("CREATE_PENDING", "VALIDATING");
  const next = JSON.parse(renamed) as ChoreographyJson;
  expect(canDeploy({ running, next })).toMatchObject({
    verdict: "drain first",
    message: "a saga in flight does not fit: Kitchen has no state CREATE_PENDING any more",
  });
  expect(canDeploy({ running, next, inFlight: [paid] })).toMatchObject({
    verdict: "safe",
    message: "safe from the beginning and from 1 state in flight, within this bound",
  });
});

it("a version that no longer expects what is on its way needs it to arrive first", () => {
  const strict = replaceParts(running, {
    participants: {
      Consumer: {
        initial: "NONE",
        states: { ...part("Consumer").states, REFUSED: { on: { OrderCreated: "never" } }, VERIFIED: {} },
      },
    },
  });
  const doubled = {
    states: { Order: "APPROVAL_PENDING", Consumer: "VERIFIED" },
    messages: [{ event: "OrderCreated", to: "Consumer" }],
  };
  const report = canDeploy({ running, next: strict, inFlight: [doubled] });
  expect(report).toMatchObject({ verdict: "drain first", from: doubled });
  expect(report.findings.map(({ code, path }) => `${code} ${path.length}`)).toContain("P1 1");
});

it("counts what is held in flight", () => {
  expect(canDeploy({ running, next: running, inFlight: [paid] }).verdict).toBe("safe");
  expect(canDeploy({ running, next: running, inFlight: [{ ...paid, tally: { held: 2 } }] })).toMatchObject({
    verdict: "drain first",
    findings: [{ code: "P6", message: "the end approved is reached with held 2 where it should be 1" }],
  });
});

describe("where sagas share a participant", () => {
  const booking: ParticipantJson = {
    initial: "none",
    states: {
      none: { commands: { want: [{ to: "waits", emit: ["Wanted"] }] } },
      waits: { lock: true, on: { Given: [{ to: "has" }], Taken: [{ to: "lost" }] } },
      has: {},
      lost: {},
    },
  };
  const seat: ParticipantJson = {
    initial: "FREE",
    keyed: true,
    states: {
      FREE: { on: { Wanted: [{ to: "GONE", emit: ["Given"] }] } },
      GONE: { on: { Wanted: [{ to: "GONE", emit: ["Taken"] }] } },
    },
  };
  const booked = choreography(
    { Booking: booking, Seat: seat },
    { ends: [end("has", { Booking: "has" }), end("lost", { Booking: "lost" })] },
  );

  it("the same version may be deployed: states in flight are those of one saga", () => {
    const report = canDeploy({ running: booked, next: booked });
    expect(report).toMatchObject({ verdict: "safe", inFlight: 4, findings: [] });
  });

  it("a version that cannot finish what is in flight may not", () => {
    const next = structuredClone(booked) as unknown as { participants: { Booking: ParticipantJson } };
    const { waits: _, ...states } = booking.states;
    next.participants.Booking = {
      ...booking,
      states: {
        ...states,
        none: { commands: { want: [{ to: "asking", emit: ["Wanted"] }] } },
        asking: { lock: true, on: { Given: [{ to: "has" }], Taken: [{ to: "lost" }] } },
      },
    };
    const report = canDeploy({ running: booked, next: next as unknown as ChoreographyJson });
    expect(report).toMatchObject({
      verdict: "drain first",
      message: "a saga in flight does not fit: Booking has no state waits any more",
    });
  });
});

it("takes the states in flight from the runs that the options allow", () => {
  const late = choreography({
    A: {
      initial: "none",
      states: {
        none: { commands: { go: [{ to: "waits" }] } },
        waits: { deadlines: { late: [{ to: "over" }] } },
        over: {},
      },
    },
  });
  const { inFlight } = canDeploy({ running: late, next: late, options: { timers: false } });
  expect(inFlight).toBe(2);
});
