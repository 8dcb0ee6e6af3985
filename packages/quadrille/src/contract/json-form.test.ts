// The JSON form, both ways: nothing is lost, and joins come out as the plain states that they are.
import { describe, expect, it } from "vitest";
import { references } from "../../test/references.ts";
import { choreography } from "./choreography.ts";
import { fromJson } from "./json/from-json.ts";
import { to } from "./outcome.ts";
import { participant } from "./participant.ts";
import { parseChoreography } from "./json/parse-json.ts";
import { compile } from "./table.ts";
import { after, defer, ignore, lock, never, on, timeout } from "./reaction.ts";
import { toJson } from "./json/to-json.ts";
import { activity, all, command, event } from "./trigger.ts";
import { wellFormed } from "./rules/well-formed.ts";

describe.each([...references])("%s", (_, json) => {
  it("comes back from values as it went in", () => {
    expect(toJson(fromJson(json))).toEqual(json);
  });

  it("has no well-formedness error", () => {
    expect(wellFormed(fromJson(json)).filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("the reference choreographies", () => {
  const clean = new Set([
    "create-order",
    "deadline-breaks-the-published-rule",
    "order-lifecycle",
    "order-lifecycle-with-deadline",
  ]);

  it("say something about every pair of a state and a subscribed event where the design calls them clean", () => {
    const counts = [...references].map(([name, json]) => [name, wellFormed(fromJson(json)).length] as const);
    expect(new Set(counts.flatMap(([name, count]) => (count === 0 ? [name] : [])))).toEqual(clean);
  });

  it("show by their omissions what the published version forgot", () => {
    const published = references.get("create-order-1-as-published");
    const found =
      published === undefined
        ? []
        : wellFormed(fromJson(published)).map(({ code, message }) => `${code} ${message}`);
    expect(found).toContain("W03 Accounting says nothing about TicketCreated in ABSENT");
    expect(found).toContain("W03 Accounting says nothing about ConsumerVerified in ABSENT");
    expect(found).toContain(
      "W04 Order emits OrderRejected, which no participant takes and which is not public",
    );
  });
});

const Ordered = event("Ordered");
const Verified = event("Verified");
const Paid = event("Paid");
const Late = event("Late");
const place = command("place");
const charge = activity("charge");

const guest = participant("Guest", {
  entity: "Guest",
  initial: "HUNGRY",
  states: {
    HUNGRY: [on(place, to("WAITING").emits(Ordered, Verified))],
    WAITING: lock([on(Paid, to("FED")), ignore(Late)]),
    FED: [ignore(Late)],
  },
});
const till = participant("Till", {
  entity: "Bill",
  initial: "ABSENT",
  states: {
    ABSENT: [on(all(Ordered, Verified), to("CHARGING"))],
    CHARGING: lock([
      on(charge, { ok: to("DONE").emits(Paid).tallies({ held: 1 }), no: to("DONE") }),
      after("1m", to("DONE").emits(Late)),
      defer(Ordered),
      never(Verified),
    ]),
    DONE: [timeout("1h", to("DONE"))],
  },
});
const dinner = choreography("Dinner", {
  description: "A meal.",
  participants: [guest, till],
  publicEvents: [Late],
  commands: { place: "unbounded" },
  ends: { fed: { Guest: "FED", Till: ["DONE"], tally: { held: 1 } }, away: { Guest: "HUNGRY" } },
  forbidden: { "fed and unpaid": { Guest: "FED", Till: ["ABSENT", "CHARGING"] } },
});

describe("toJson", () => {
  const json = toJson(dinner);

  it("writes every kind of trigger, disposition, lock, tally, choice and partial state", () => {
    expect(json.participants["Till"]).toEqual({
      initial: "ABSENT",
      states: {
        ABSENT: { on: { Ordered: [{ to: "ABSENT+Ordered" }], Verified: [{ to: "ABSENT+Verified" }] } },
        "ABSENT+Ordered": { lock: true, on: { Verified: [{ to: "CHARGING" }], Ordered: "never" } },
        "ABSENT+Verified": { lock: true, on: { Ordered: [{ to: "CHARGING" }], Verified: "never" } },
        CHARGING: {
          lock: true,
          on: { Ordered: "defer", Verified: "never" },
          deadlines: { "after 1m": [{ to: "DONE", emit: ["Late"] }] },
          activities: {
            charge: [
              { to: "DONE", emit: ["Paid"], choice: "ok", tally: { held: 1 } },
              { to: "DONE", choice: "no" },
            ],
          },
        },
        DONE: {
          on: { Ordered: "never", Verified: "never" },
          timeouts: { "timeout 1h": [{ to: "DONE" }] },
        },
      },
    });
  });

  it("writes what holds for the whole", () => {
    const { participants, ...rest } = json;
    expect(Object.keys(participants)).toEqual(["Guest", "Till"]);
    expect(rest).toEqual({
      name: "Dinner",
      description: "A meal.",
      commands: { place: "unbounded" },
      publicEvents: ["Late"],
      ends: [
        { name: "fed", states: { Guest: "FED", Till: ["DONE"] }, tally: { held: 1 } },
        { name: "away", states: { Guest: "HUNGRY" } },
      ],
      forbidden: [{ name: "fed and unpaid", states: { Guest: "FED", Till: ["ABSENT", "CHARGING"] } }],
    });
  });

  it("is plain data that survives a text", () => {
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(toJson(fromJson(json))).toEqual(json);
  });

  it("says of a shared participant that it is keyed, and what brings the key", () => {
    const by = (): string => "1A";
    const seat = participant("Seat", {
      entity: "Seat",
      initial: "FREE",
      states: { FREE: [on(Ordered, to("FREE"), { by }), on(place, to("FREE"), { by }), ignore(Late)] },
    });
    const shared = toJson(choreography("Shared", { participants: [seat], ends: {} }));
    expect(shared.participants["Seat"]).toMatchObject({ keyed: true, keys: ["Ordered", "place"] });
    expect(toJson(fromJson(shared))).toEqual(shared);
    const bare = {
      ...shared,
      participants: {
        Seat: { initial: "FREE", keyed: true, states: shared.participants["Seat"]?.states ?? {} },
      },
    };
    expect(toJson(fromJson(bare)).participants["Seat"]?.keys).toEqual(["Ordered", "place"]);
  });

  it("says how activities are attempted, and what is taken from the beginning", () => {
    const facts = ["F1", "F2", "F3", "F4", "F5", "F6"].map((name) => event(name));
    const [one, two, ...others] = facts;
    if (one === undefined || two === undefined) throw new Error("there are six");
    const call = activity("call", {
      attempts: 5,
      timeLimit: "2s",
      giveUpAfter: "1m",
      backoff: "10ms",
      backoffMax: "1s",
    });
    const reader = participant("Reader", {
      entity: "Reader",
      initial: "NONE",
      states: {
        NONE: [on(Ordered, to("CALLING"), { from: "beginning" }), on(Late, to("OPEN"))],
        CALLING: [on(call, to("ASKING"))],
        ASKING: [on(activity("ask"), to("OPEN"))],
        OPEN: [on(all(one, two, ...others), to("NONE"), { from: "beginning" })],
      },
    });
    const written = toJson(choreography("Reading", { participants: [reader], ends: {} }));
    expect(written.participants["Reader"]).toMatchObject({
      fromBeginning: ["Ordered", ...facts.map(({ name }) => name)],
      policies: {
        call: { attempts: 5, timeLimitMs: 2_000, giveUpAfterMs: 60_000, backoffMs: 10, backoffMaxMs: 1_000 },
      },
    });
    expect(Object.keys(written.participants["Reader"]?.policies ?? {})).toEqual(["call"]);
    expect(parseChoreography(JSON.parse(JSON.stringify(written)))).toEqual({
      ok: true,
      choreography: written,
    });
    const back = fromJson(written);
    expect(toJson(back)).toEqual(written);
    const [read] = back.participants;
    const [given] = [compile(reader)];
    if (read === undefined) throw new Error("there is one");
    expect(compile(read).policies).toEqual(given.policies);
    expect(compile(read).fromBeginning).toEqual(given.fromBeginning);
  });

  it("gives each command the budget of one where nothing is said", () => {
    const once = choreography("Dinner", { participants: [guest, till], ends: {} });
    expect(toJson(once).commands).toEqual({ place: 1 });
  });
});

describe("fromJson", () => {
  it("names outcomes by their number where several have no name", () => {
    const json = toJson(
      fromJson({
        ...toJson(dinner),
        participants: {
          P: { initial: "A", states: { A: { on: { E: [{ to: "A" }, { to: "A", emit: ["F"] }] } } } },
        },
      }),
    );
    expect(json.participants["P"]?.states["A"]?.on?.["E"]).toEqual([
      { to: "A", choice: "outcome 1" },
      { to: "A", emit: ["F"], choice: "outcome 2" },
    ]);
  });
});
