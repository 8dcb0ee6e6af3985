// Malformed contracts: one clear sentence each, never a throw.
import { describe, expect, it } from "vitest";
import { referenceJson, referenceCounts } from "../../../test/reference-choreographies.ts";
import { parseChoreography } from "./parse-json.ts";

const whole = (): Record<string, unknown> => ({
  name: "x",
  participants: {
    A: {
      initial: "s",
      states: {
        s: { lock: true, commands: { go: [{ to: "t", emit: ["E"], choice: "yes", tally: { held: 1 } }] } },
        t: {},
      },
    },
  },
  commands: { go: 1 },
  publicEvents: ["E"],
  ends: [{ name: "done", states: { A: ["t"] }, tally: { held: 1 } }],
  forbidden: [{ name: "no s", states: { A: "s" } }],
});

/** The one sentence said about the whole form after one change. */
function complaint(change: (form: Record<string, unknown>) => unknown): string {
  const form = whole();
  const parsed = parseChoreography(change(form) ?? form);
  if (parsed.ok) return "nothing";
  return parsed.problems.map((problem) => `${problem.path}: ${problem.message}`).join("\n");
}

const inA =
  (states: unknown, initial: unknown = "s") =>
  (form: Record<string, unknown>) => {
    for (const key of ["commands", "ends", "forbidden"]) delete form[key];
    form["participants"] = { A: { initial, states } };
  };

describe("a choreography's JSON form", () => {
  it.each(Object.keys(referenceCounts))("%s is read as it stands", (name) => {
    const json = referenceJson(name);
    expect(parseChoreography(json)).toEqual({ ok: true, choreography: json });
  });

  it("is read whole", () => {
    expect(parseChoreography(whole())).toEqual({ ok: true, choreography: whole() });
  });

  it.each([
    [{ keyed: "yes" }, 'keyed: keyed of A must be true or false, not the text "yes"'],
    [{ keys: ["go"] }, 'keys: A names keys and is not keyed: write "keyed": true beside them'],
    [
      { keyed: true, keys: ["stop"] },
      "keys/0: stop brings no key: A takes no event and no command of that name",
    ],
    [{ keyed: true, keys: [] }, "keys: A is keyed, and nothing brings the key"],
    [{ keyed: true, keys: "go" }, 'keys: keys of A must be a list, not the text "go"'],
  ])("says of a participant with %j what is wrong with its keys", (more, problem) => {
    const form = whole();
    form["participants"] = {
      A: { initial: "s", states: { s: { commands: { go: [{ to: "s" }] } } }, ...more },
    };
    for (const key of ["publicEvents", "ends", "forbidden"]) delete form[key];
    expect(parseChoreography(form)).toMatchObject({ problems: [{}] });
    expect(complaint(() => form)).toBe(`/participants/A/${problem}`);
  });

  it.each([
    [{ fromBeginning: "Paid" }, 'fromBeginning: fromBeginning of A must be a list, not the text "Paid"'],
    [{ fromBeginning: ["Gone"] }, "fromBeginning/0: A has no reaction to an event called Gone"],
    [{ fromBeginning: ["Seen"] }, "fromBeginning/0: A has no reaction to an event called Seen"],
    [{ fromBeginning: ["F"] }, "fromBeginning/0: F is a fact of a join of A: list all of its facts, or none"],
    [
      { policies: { charge: 5 } },
      "policies/charge: the policy of A on charge must be an object, not the number 5",
    ],
    [{ policies: { book: {} } }, "policies/book: A has no activity called book"],
    [
      { policies: { charge: { attempts: 0 } } },
      "policies/charge/attempts: attempts of A on charge must be a whole number from 1, not the number 0",
    ],
    [
      { policies: { charge: { timeLimitMs: "2s" } } },
      'policies/charge/timeLimitMs: timeLimitMs of A on charge must be a whole number from 1, not the text "2s"',
    ],
    [
      { policies: { charge: { retries: 5 } } },
      'policies/charge/retries: the policy of A on charge has the unknown key "retries"; known are timeLimitMs, attempts, giveUpAfterMs, backoffMs, backoffMaxMs',
    ],
  ])("says of a participant with %j what is wrong with its reading and its calls", (more, problem) => {
    const form = whole();
    const states = {
      s: {
        on: { Paid: [{ to: "t" }], Seen: "ignore" },
        join: { facts: ["F", "G"], outcomes: [{ to: "t" }] },
      },
      t: { activities: { charge: [{ to: "s" }] } },
    };
    form["participants"] = { A: { initial: "s", states, ...more } };
    for (const key of ["publicEvents", "ends", "forbidden"]) delete form[key];
    expect(complaint(() => form)).toBe(`/participants/A/${problem}`);
  });

  it("with the old key invariants is refused with what took its place", () => {
    const sentence =
      '/invariants: a choreography has the old key "invariants"; write "forbidden", with "states" in each entry instead of "never"';
    expect(complaint((form) => void (form["invariants"] = []))).toBe(sentence);
  });

  it.each([
    ["timers", '"deadlines" for times of the business, "timeouts" for partners that do not answer'],
    ["effects", '"activities"'],
  ])("with the old key %s is refused with the keys that took its place", (key, now) => {
    expect(complaint(inA({ s: { [key]: { late: [{ to: "s" }] } } }))).toBe(
      `/participants/A/states/s/${key}: state A.s has the old key "${key}"; write ${now}`,
    );
  });

  it("with several old keys, in however many states, is refused in one sentence that names them all", () => {
    const late = { late: [{ to: "s" }] };
    const states = { s: { timers: late, effects: {} }, t: { timers: late } };
    const old = (form: Record<string, unknown>): void => {
      inA(states)(form);
      form["invariants"] = [];
    };
    expect(complaint(old)).toBe(
      '/invariants: the form has old keys: for "invariants" write "forbidden", with "states" in each entry instead of "never"; for "timers" write "deadlines" for times of the business, "timeouts" for partners that do not answer; for "effects" write "activities"',
    );
    expect(complaint(inA({ s: { timers: late }, t: { timers: late } }))).toMatch(
      /^\/participants\/A\/states\/s\/timers: state A\.s/,
    );
  });

  it.each([
    ["a text", () => "no", ': a choreography must be an object, not the text "no"'],
    ["null", () => [], ": a choreography must be an object, not an empty list"],
    [
      "a misspelt key",
      (form: Record<string, unknown>) => void (form["partcipants"] = {}),
      "/partcipants: a choreography has the unknown key",
    ],
    [
      "no participants",
      (form: Record<string, unknown>) => void delete form["participants"],
      ": a choreography needs participants",
    ],
    [
      "participants of another kind",
      (form: Record<string, unknown>) => void (form["participants"] = 3),
      "/participants: participants must be an object, not the number 3",
    ],
    ["no states", inA({}), "/participants/A/states: A has no states"],
    ["no initial state", inA({ s: {} }, null), "/participants/A/initial: A says no initial state"],
    [
      "an unknown initial state",
      inA({ s: {} }, "q"),
      "/participants/A/initial: A begins in q, which is not one of its states",
    ],
    [
      "an unknown next state",
      inA({ s: { on: { E: [{ to: "q" }] } } }),
      "/participants/A/states/s/on/E: A in s on E goes to q, which is not a state of A",
    ],
    [
      "an outcome that goes nowhere",
      inA({ s: { on: { E: [{ emit: [] }] } } }),
      "/participants/A/states/s/on/E/0: an outcome of A.s on E goes nowhere",
    ],
    [
      "an empty list of outcomes",
      inA({ s: { on: { E: [] } } }),
      "/participants/A/states/s/on/E: A in s on E has no outcome",
    ],
    [
      "an unknown disposition",
      inA({ s: { on: { E: "drop" } } }),
      '/participants/A/states/s/on/E: A.s on E must be "ignore", "defer", "never" or a list',
    ],
    [
      "a word instead of a deadline's outcomes",
      inA({ s: { deadlines: { late: "ignore" } } }),
      '/participants/A/states/s/deadlines/late: A.s on late must be a list of outcomes, not the text "ignore"',
    ],
    [
      "a word instead of a command's outcomes",
      inA({ s: { commands: { go: "defer" } } }),
      '/participants/A/states/s/commands/go: A.s on go must be "ignore" or a list of outcomes, not the text "defer"',
    ],
    [
      "two outcomes of one name",
      inA({
        s: {
          on: {
            E: [
              { to: "s", choice: "c" },
              { to: "s", choice: "c" },
            ],
          },
        },
      }),
      "/participants/A/states/s/on/E: A.s on E has two outcomes called c",
    ],
    [
      "two outcomes without names",
      inA({ s: { on: { E: [{ to: "s" }, { to: "t" }] } } }),
      '/participants/A/states/s/on/E/0: A.s on E has several outcomes, and this one has no name: it needs a "choice"',
    ],
    [
      "an outcome without a name beside one that has one",
      inA({ s: { on: { E: [{ to: "s", choice: "outcome 2" }, { to: "s" }] } } }),
      '/participants/A/states/s/on/E/1: A.s on E has several outcomes, and this one has no name: it needs a "choice"',
    ],
    [
      "two answers of a call without names",
      inA({ s: { activities: { a: [{ to: "s", gaveUp: true }, { to: "s" }, { to: "t" }] } } }),
      '/participants/A/states/s/activities/a/1: A.s on a has several outcomes, and this one has no name: it needs a "choice"',
    ],
    [
      "two outcomes of a join without names",
      inA({ s: { join: { facts: ["E", "F"], outcomes: [{ to: "s" }, { to: "t" }] } } }),
      'has several outcomes, and this one has no name: it needs a "choice"',
    ],
    [
      "a lock that is no boolean",
      inA({ s: { lock: "yes" } }),
      '/participants/A/states/s/lock: lock of A.s must be true or false, not the text "yes"',
    ],
    [
      "a tally that is no number",
      inA({ s: { on: { E: [{ to: "s", tally: { held: "1" } }] } } }),
      '/participants/A/states/s/on/E/0/tally/held: tally held must be a whole number of at most 1,000,000,000, not the text "1"',
    ],
    [
      "an unknown command",
      (form: Record<string, unknown>) => void (form["commands"] = { go: 1, stop: 1 }),
      "/commands/stop: the command stop has a budget, but no participant takes it",
    ],
    [
      "a negative budget",
      (form: Record<string, unknown>) => void (form["commands"] = { go: -1 }),
      '/commands/go: the budget of go must be a whole number from 0 to 255 or "unbounded", not the number -1',
    ],
    [
      "an unknown participant in an end",
      (form: Record<string, unknown>) => void (form["ends"] = [{ name: "e", states: { B: "s" } }]),
      '/ends/0/states/B: the end "e" names the participant B, which does not take part',
    ],
    [
      "an unknown state in an end",
      (form: Record<string, unknown>) => void (form["ends"] = [{ name: "e", states: { A: ["t", "q"] } }]),
      '/ends/0/states/A: the end "e" wants A in q, which is not one of its states',
    ],
    [
      "an unknown key in an end",
      (form: Record<string, unknown>) =>
        void (form["ends"] = [{ name: "e", states: { A: "s" }, events: ["E"] }]),
      '/ends/0/events: an end has the unknown key "events"',
    ],
    [
      "an unknown tally in an end",
      (form: Record<string, unknown>) =>
        void (form["ends"] = [{ name: "e", states: { A: "s" }, tally: { paid: 1 } }]),
      '/ends/0/tally/paid: the end "e" counts paid, which no outcome changes',
    ],
    [
      "two ends of one name",
      (form: Record<string, unknown>) =>
        void (form["ends"] = [
          { name: "e", states: { A: "s" } },
          { name: "e", states: { A: "s" } },
        ]),
      "/ends: two ends are called e",
    ],
    [
      "two forbidden combinations of one name",
      (form: Record<string, unknown>) =>
        void (form["forbidden"] = [
          { name: "f", states: { A: "s" } },
          { name: "f", states: { A: "s" } },
        ]),
      "/forbidden: two forbidden combinations are called f",
    ],
    [
      "an unknown state in a forbidden combination",
      (form: Record<string, unknown>) => void (form["forbidden"] = [{ name: "i", states: { A: "q" } }]),
      '/forbidden/0/states/A: the forbidden combination "i" wants A in q, which is not one of its states',
    ],
    [
      "a forbidden combination that forbids everything",
      (form: Record<string, unknown>) => void (form["forbidden"] = [{ name: "i", states: {} }]),
      '/forbidden/0/states: the forbidden combination "i" names no states',
    ],
    [
      "an end that every state is",
      (form: Record<string, unknown>) => void (form["ends"] = [{ name: "any", states: {} }]),
      '/ends/0/states: the end "any" names no states',
    ],
    [
      "a public event that is no text",
      (form: Record<string, unknown>) => void (form["publicEvents"] = [7]),
      "/publicEvents/0: a public event must be a text, not the number 7",
    ],
  ])("says one sentence about %s", (_, change, sentence) => {
    const text = complaint(change);
    expect(text).toContain(sentence);
    expect(text.split("\n")).toHaveLength(1);
  });

  it("does not follow a circle", () => {
    const circle: Record<string, unknown> = whole();
    circle["participants"] = circle;
    expect(parseChoreography(circle).ok).toBe(false);
  });

  it("takes the names of an object's own parts for names like any other", () => {
    const text = `{"name":"x","participants":{"__proto__":{"initial":"constructor","states":{"constructor":{"on":{"toString":[{"to":"constructor"}]}}}}},
      "ends":[{"name":"e","states":{"__proto__":"constructor"}}]}`;
    expect(parseChoreography(JSON.parse(text)).ok).toBe(true);
    expect(complaint((form) => void (form["ends"] = [{ name: "e", states: { toString: "s" } }]))).toContain(
      "names the participant toString, which does not take part",
    );
  });

  it("lists at most fifty problems", () => {
    const states = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`s${index}`, { on: { E: 0 } }]),
    );
    const parsed = parseChoreography({ participants: { A: { initial: "s0", states } } });
    expect(parsed.ok ? 0 : parsed.problems.length).toBe(50);
  });
});

describe("otherwise", () => {
  const states = { s: { on: { Asked: [{ to: "t" }] } }, t: {} };
  const read = (otherwise?: unknown) =>
    parseChoreography({ participants: { A: { initial: "s", otherwise, states } } });

  it.each([undefined, "never"])("is never by default: the event cannot come (%s)", (otherwise) => {
    const on = { Asked: "never" };
    expect(read(otherwise)).toMatchObject({
      ok: true,
      choreography: { participants: { A: { states: { t: { on } } } } },
    });
  });

  it("may be an omission, which the checker shows where the event comes", () => {
    expect(read("omission")).toMatchObject({
      ok: true,
      choreography: { participants: { A: { otherwise: "omission", states } } },
    });
  });

  it("is nothing else", () => {
    expect(read("ignore")).toMatchObject({
      ok: false,
      problems: [{ message: 'otherwise of A must be "never" or "omission", not the text "ignore"' }],
    });
  });
});
