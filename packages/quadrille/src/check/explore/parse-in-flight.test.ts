// States in flight are read as strictly as contracts, and as `can-deploy` prints them.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import { reference } from "../../../test/reference-choreographies.ts";
import { canDeploy } from "../can-deploy.ts";
import { explore } from "./explore.ts";
import { inFlightOf } from "./in-flight.ts";
import { parseInFlight } from "./parse-in-flight.ts";

const running = reference("create-order");

const read = (value: unknown) => {
  const parsed = parseInFlight(value, running);
  return parsed.ok ? parsed.states : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
};

it("states in flight are read as they are printed", () => {
  const exploration = explore(running, { channel: "bag" });
  const states = Array.from({ length: exploration.space.states }, (_, state) =>
    inFlightOf(exploration, state),
  );
  expect(read(JSON.parse(JSON.stringify(states)))).toEqual(states);
});

it("a command that is used up does not come again", () => {
  // Every message that A sends is taken; a third one would stop B.
  const twice = choreography(
    {
      A: {
        initial: "none",
        states: {
          none: { commands: { go: [{ to: "sent", emit: ["E"] }] } },
          sent: { commands: { more: [{ to: "sent", emit: ["E"] }] } },
        },
      },
      B: {
        initial: "none",
        states: { none: { on: { E: [{ to: "one" }] } }, one: { on: { E: [{ to: "two" }] } }, two: {} },
      },
    },
    { ends: [end("sent", { A: "sent" })] },
  );
  const verdictOf = (commands: Readonly<Record<string, number>>) => {
    const parsed = parseInFlight([{ states: { A: "sent", B: "two" }, commands }], twice);
    return parsed.ok ? canDeploy({ running: twice, next: twice, inFlight: parsed.states }).verdict : parsed;
  };
  expect(verdictOf({ go: 0, more: 1 })).toBe("drain first");
  expect(verdictOf({ go: 0, more: 0 })).toBe("safe");
});

describe("a state in flight is refused", () => {
  const states = { Order: "APPROVED" };
  const message = { event: "OrderCreated", to: "Kitchen" };
  const count = "must be a whole number from";

  it.each([
    ["that is no list", {}, ": states in flight must be a list, not an object"],
    ["without states", [{}], '/0: a state in flight needs "states", a participant to its state'],
    [
      "with an unknown key",
      [{ states, message: [] }],
      '/0/message: a state in flight has the unknown key "message"; known are states, messages, tally, commands',
    ],
    [
      "whose state is no text",
      [{ states: { B: 3 } }],
      "/0/states/B: the state of B must be a text, not the number 3",
    ],
    [
      "with a message without a participant",
      [{ states, messages: [{ event: "OrderCreated" }] }],
      "/0/messages/0/to: the participant that a message goes to must be a text, not nothing",
    ],
    [
      "with less than no message",
      [{ states, messages: [{ ...message, count: -3 }] }],
      `/0/messages/0/count: the count of a message ${count} 1 to 1,000,000,000, not the number -3`,
    ],
    [
      "with half a message",
      [{ states, messages: [{ ...message, count: 0.5 }] }],
      `/0/messages/0/count: the count of a message ${count} 1 to 1,000,000,000, not the number 0.5`,
    ],
    [
      "with an unknown tally",
      [{ states, tally: { hold: 1 } }],
      "/0/tally/hold: the running choreography has no tally hold",
    ],
    [
      "with an unknown command",
      [{ states, commands: { create: 1 } }],
      "/0/commands/create: the running choreography has no command create",
    ],
  ])("%s", (_, value, problem) => {
    expect(read(value)).toEqual([problem]);
  });
});
