// What the test kit is called with by mistake: one sentence says what it takes instead.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { virtualAmbient } from "../ambient/virtual.ts";
import { check } from "../check/check.ts";
import { coveringPaths } from "../check/explore/reachable.ts";
import { assertHolds } from "../check/holds.ts";
import { mutate } from "../check/mutate.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { toJson } from "../contract/json/to-json.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { lock, on } from "../contract/reaction.ts";
import { activity, command } from "../contract/trigger.ts";
import { given } from "./given.ts";
import { scenario } from "./scenario.ts";

const adopt = command("adopt", z.object({ dog: z.string() }));
const registerChip = activity("registerChip");
const shelter = participant("Shelter", {
  entity: "Dog",
  initial: "none",
  states: { none: [on(adopt, to("CHIPPING"))], CHIPPING: lock([on(registerChip, to("HOME"))]), HOME: [] },
});
const rescue = choreography("Rescue", { participants: [shelter], ends: { home: { Shelter: "HOME" } } });
const home = service(shelter, { activities: { registerChip: async () => undefined } });
const dog = { dog: "Rex" };

/** As modules without types call them. */
const untyped = { given, scenario, assertHolds, check, mutate, coveringPaths } as unknown as Record<
  "given" | "scenario" | "assertHolds" | "check" | "mutate" | "coveringPaths",
  (...given: readonly unknown[]) => unknown
>;

describe("given(…).when(…)", () => {
  it("says that it is no promise, where it is awaited or returned", async () => {
    const reacted: unknown = given(home, "none").when(adopt, dog);
    await expect(Promise.resolve(reacted)).rejects.toMatchObject({
      code: "Q_ARGUMENT_INVALID",
      message:
        "given(…).when(…) is no promise: end it with .then(outcome, { … }), and do not await or return it before.",
    });
  });

  it("may be returned to a test runner once it was compared", async () => {
    const compared: unknown = given(home, "none").when(adopt, dog).then("");
    expect(await Promise.resolve(compared)).toMatchObject({ kind: "taken", state: "CHIPPING" });
  });

  it.each<[string, () => unknown, string]>([
    [
      "a participant",
      () => untyped.given(shelter, "none"),
      "given takes a service, what service(participant, {…}) returns, not an object.",
    ],
    [
      "a state misspelt",
      () => untyped.given(home, "CHIPING"),
      'given: Shelter has no state "CHIPING"; its states are none, CHIPPING, HOME. Did you mean CHIPPING?',
    ],
    [
      "the name of a trigger",
      () => given(home, "none").when("adopt" as never),
      'when takes a trigger, such as a command or an event, not the text "adopt".',
    ],
    [
      "an input misspelt",
      () => given(home, "none").when(adopt, dog, { sagaID: "s" } as never),
      'when has the unknown key "sagaID"; known are key, sagaId, id, now, isOwn. Did you mean sagaId?',
    ],
  ])("refuses %s", (_, called, message) => {
    expect(called).toThrow(expect.objectContaining({ code: "Q_ARGUMENT_INVALID", message }));
  });
});

describe("scenario", () => {
  const [path = []] = coveringPaths(toJson(rescue));
  const fit = { choreography: rescue, services: [home], commands: { adopt: dog } };

  it("goes the path with what it needs", async () => {
    expect(await scenario(path, fit)).toMatchObject({ confirmed: true });
  });

  it.each<[string, unknown, string]>([
    [
      "a result that is no function",
      { ...fit, results: { registerChip: {} } },
      "scenario: results: registerChip is a function, (choice) => …, not an object.",
    ],
    [
      "no data for a command",
      { choreography: rescue, services: [home] },
      "scenario: commands has no data for adopt, which the path sends.",
    ],
    [
      "a command misspelt",
      { ...fit, commands: { adpt: dog } },
      'scenario: commands has the unknown key "adpt"; known are adopt. Did you mean adopt?',
    ],
    [
      "no choreography",
      { services: [home] },
      'scenario: a choreography is what choreography("…", {…}) returns, not nothing.',
    ],
    [
      "a participant as a service",
      { ...fit, services: [shelter] },
      "scenario: a service is what service(participant, {…}) returns, not an object.",
    ],
  ])("refuses %s", async (_, options, message) => {
    await expect(untyped.scenario(path, options)).rejects.toMatchObject({
      code: "Q_ARGUMENT_INVALID",
      message,
    });
  });
});

describe("the JSON form", () => {
  it.each(["assertHolds", "check", "mutate", "coveringPaths"] as const)("is what %s takes", (name) => {
    const sentence = `${name} takes the JSON form, ${name}(toJson(…)), not the value Rescue.`;
    expect(() => untyped[name](rescue)).toThrow(sentence);
    expect(() => untyped[name]()).toThrow(`${name} takes the JSON form, ${name}(toJson(…)), not nothing.`);
  });
});

describe("a virtual clock", () => {
  it.each([["15m"], [Number.NaN], [-1]])("does not advance by %j", (by) => {
    expect(() => virtualAmbient().advance(by as never)).toThrow(
      "advance takes milliseconds, a number from 0",
    );
  });
});
