// Suggested patches: the common causes, and that a patch fixes what it claims to fix.
import { describe, expect, it } from "vitest";
import { asPublished, reference } from "../../../test/reference-choreographies.ts";
import { choreography, end } from "../../../test/small-choreography.ts";
import { applyPatch } from "./apply-patch.ts";
import { check } from "../check.ts";
import type { Patch } from "../model/finding.ts";
import type { ChoreographyJson, ParticipantJson } from "../../contract/json-form.ts";

const patches = (name: string) =>
  check(reference(name), asPublished).findings.flatMap(({ code, patch, severity }) =>
    patch === undefined || severity !== "error" ? [] : [`${code} ${patch.why}`],
  );

describe("a suggested patch", () => {
  it("defers what comes too early", () => {
    expect(patches("create-order-1-as-published")).toEqual([
      "P1 defer: keep TicketCreated until Accounting has left ABSENT",
      "P1 defer: keep ConsumerVerified until Accounting has left ABSENT",
    ]);
  });

  it("adds a subscriber for a refusal that has none", () => {
    expect(patches("create-order-2-failure-events")).toEqual([
      "P5 subscriber: let Order hear TicketCreationFailed and ConsumerVerificationFailed in APPROVAL_PENDING, and go to REJECTED",
    ]);
  });

  it("ignores what a final state need not hear", () => {
    expect(patches("create-order-3-order-listens")).toEqual([
      "P1 ignore: ConsumerVerificationFailed changes nothing in REJECTED",
      "P1 ignore: TicketCreationFailed changes nothing in REJECTED",
    ]);
  });

  it("leaves a tombstone where a compensation comes first", () => {
    expect(patches("create-order-4-compensated").slice(0, 2)).toEqual([
      "P1 tombstone: OrderRejected overtook what it undoes, so go to REJECTED at once and ignore the late one",
      "P1 tombstone: OrderRejected overtook what it undoes, so go to FAILED at once and ignore the late one",
    ]);
  });

  it("is the same where never was said of all that is not listed", () => {
    const silent = reference("create-order-4-compensated");
    const loud = sayingNever(silent);
    const patched = check(loud, asPublished).findings.flatMap(({ code, patch }) =>
      patch === undefined ? [] : [[code, patch]],
    );
    const wanted = check(silent, asPublished).findings.flatMap(({ patch }) =>
      patch === undefined ? [] : [patch.why],
    );
    expect(patched.map(([code]) => code)).toEqual(["P2", "P2", "P2", "P2"]);
    expect(patched.map(([, patch]) => (patch as Patch).why)).toEqual(wanted);
    for (const [, patch] of patched) expect(applyPatch(loud, patch as Patch)).toBeDefined();
  });

  it("names an event as it is, whatever its message would read as", () => {
    const text = JSON.stringify(reference("create-order-1-as-published")).replaceAll(
      "OrderRejected",
      "Order Rejected",
    );
    const renamed = JSON.parse(text) as ChoreographyJson;
    const [first] = check(renamed).findings.filter(({ code }) => code === "P7");
    expect(first?.patch?.operations).toEqual([
      { op: "add", path: "/publicEvents/-", value: "Order Rejected" },
    ]);
  });

  it("declares public what has no subscriber here", () => {
    const [first] = check(reference("create-order-1-as-published"), asPublished).findings.filter(
      ({ code }) => code === "P7",
    );
    expect(first?.patch?.operations).toEqual([
      { op: "add", path: "/publicEvents/-", value: "OrderRejected" },
    ]);
  });

  it("applied one after the other, they fix the published version", () => {
    let contract = reference("create-order-1-as-published");
    for (let round = 0; round < 5; round++) {
      const patch = check(contract).findings.find((one) => one.patch !== undefined)?.patch;
      if (patch === undefined) break;
      contract = applyPatch(contract, patch) ?? contract;
    }
    expect(check(contract).findings.filter(({ severity }) => severity !== "report")).toEqual([]);
  });

  it("is not looked for when it is not wanted", () => {
    expect(
      check(reference("create-order-4-compensated"), { ...asPublished, patches: false }).findings.filter(
        ({ patch }) => patch !== undefined,
      ),
    ).toEqual([]);
  });
});

describe("a patch for a message that comes too early", () => {
  const taker = (states: ParticipantJson["states"]): ChoreographyJson => {
    const answers = (event: string): ParticipantJson => ({
      initial: "none",
      states: { none: { on: { Asked: [{ to: "done", emit: [event] }] } }, done: {} },
    });
    const asks = { none: { commands: { ask: [{ to: "asked", emit: ["Asked"] }] } }, asked: {} };
    return choreography(
      {
        A: { initial: "none", states: asks },
        B: answers("First"),
        C: answers("Second"),
        Taker: { initial: "none", states },
      },
      { ends: [end("any", { A: ["none", "asked"] })] },
    );
  };
  const to = (state: string) => [{ to: state }];
  const patchOf = (contract: ChoreographyJson): Patch | undefined =>
    check(contract).findings.find(({ code }) => code === "P1")?.patch;

  it("keeps what its participant acts on later, and does not lose it", () => {
    const patch = patchOf(
      taker({ none: { on: { First: to("one") } }, one: { on: { Second: to("two") } }, two: {} }),
    );
    expect([patch?.operations[0]?.value, patch?.leaves?.errors, patch?.loses]).toEqual([
      "defer",
      0,
      undefined,
    ]);
  });

  it("says that a message is lost on which its participant acts nowhere", () => {
    const patch = patchOf(taker({ none: { on: { First: to("one") } }, one: { on: { Second: "ignore" } } }));
    expect(patch?.why).toBe("ignore: Second is lost in none, and Taker acts on it nowhere");
    expect(patch?.loses).toBe(true);
  });

  it("says that a message is lost on which its participant acts in another state", () => {
    const patch = patchOf(
      taker({
        none: { on: { First: to("late"), Second: to("half") } },
        half: { lock: true, on: { First: to("done") } },
        late: { commands: { stay: to("late") } },
        done: {},
      }),
    );
    expect(patch?.why).toBe("ignore: Second is lost in late, though Taker acts on it in none");
    expect(patch?.loses).toBe(true);
  });

  it("names the states in which the same is said", () => {
    const patch = patchOf(
      taker({
        none: { on: { First: to("one"), Second: to("two") } },
        one: { commands: { stay: to("one") } },
        two: { on: { First: "ignore" } },
      }),
    );
    expect(patch?.why).toBe("react to Second as in none: go to two");
  });

  it("names a joining state in a word, and not each set of facts seen", () => {
    const away = { Second: to("two") };
    const patch = patchOf(
      taker({
        none: { on: { First: to("one") } },
        one: { commands: { stay: to("one") } },
        joins: { on: away },
        "joins+A": { on: away },
        "joins+B": { on: away },
        "other+A": { on: away },
        two: { on: { First: "ignore" } },
      }),
    );
    expect(patch?.why).toContain("joins and other, joining");
    expect(patch?.why).not.toContain("+");
  });

  it("does not take the last fact of a join for all of them", () => {
    const patch = patchOf(
      taker({
        none: { on: { First: to("none+First") } },
        "none+First": { on: { Second: to("both") } },
        both: { on: { First: "ignore" } },
      }),
    );
    expect(patch?.operations[0]?.value).toBe("defer");
  });
});

describe("a patch that follows another state", () => {
  const patchOf = (contract: ChoreographyJson): Patch | undefined =>
    check(contract).findings.find(({ code }) => code === "P1")?.patch;

  it("refuses as the states that stay do, and gives nothing away that is taken", () => {
    const guest: ParticipantJson = {
      initial: "none",
      states: {
        none: { commands: { ask: [{ to: "asked", emit: ["Wanted"] }] } },
        asked: { lock: true, on: { Given: [{ to: "seated" }], Refused: [{ to: "away" }] } },
        seated: {},
        away: {},
      },
    };
    const table: ParticipantJson = {
      keyed: true,
      initial: "free",
      states: {
        free: {
          on: { Wanted: [{ to: "taken", emit: ["Given"] }] },
          commands: { breakIt: [{ to: "broken" }] },
        },
        taken: { on: { Wanted: [{ to: "taken", emit: ["Refused"] }] } },
        broken: {},
      },
    };
    const ends = [end("seated", { Guest: "seated" }), end("away", { Guest: "away" })];
    expect(patchOf(choreography({ Guest: guest, Table: table }, { ends }))?.why).toBe(
      "react to Wanted as in taken: stay in broken, publish Refused",
    );
  });

  it("follows the reaction of the most states, and the initial state's last", () => {
    const sender: ParticipantJson = {
      initial: "s",
      states: { s: { commands: { go: [{ to: "s", emit: ["Came"] }] } } },
    };
    const taker = (states: ParticipantJson["states"]): ChoreographyJson =>
      choreography({ S: sender, T: { initial: "a", states } }, { ends: [end("any", { S: "s" })] });
    const walks = { commands: { walk: [{ to: "open" }] } };
    const open = { commands: { stop: [{ to: "open" }] } };
    const [toX, toY] = [{ Came: [{ to: "x" }] }, { Came: [{ to: "y" }] }];
    const rest = { x: { on: { Came: "ignore" } }, y: { on: { Came: "ignore" } } } as const;
    expect(
      patchOf(taker({ a: { on: toX, ...walks }, b: { on: toX }, c: { on: toY }, open, ...rest }))?.why,
    ).toBe("react to Came as in a and b: go to x");
    expect(patchOf(taker({ a: { on: toX, ...walks }, c: { on: toY }, open, ...rest }))?.why).toBe(
      "react to Came as in c: go to y",
    );
  });

  it("keeps a message that would change nothing here, and moves its participant elsewhere", () => {
    const desk = choreography(
      {
        Customer: {
          initial: "none",
          states: {
            none: { commands: { ask: [{ to: "asked", emit: ["Question"] }] } },
            asked: { commands: { askMore: [{ to: "asked", emit: ["Question"] }] }, on: { Answer: "ignore" } },
          },
        },
        Agent: {
          initial: "idle",
          states: {
            idle: { on: { Question: [{ to: "writing" }] } },
            writing: { lock: true, deadlines: { aDay: [{ to: "idle", emit: ["Answer"] }] } },
          },
        },
      },
      { ends: [end("answered", { Agent: "idle" })] },
    );
    expect(patchOf(desk)?.why).toBe("defer: keep Question until Agent has left writing");
  });

  const invoice = (settled: string) =>
    choreography(
      {
        Buyer: {
          initial: "none",
          states: {
            none: { commands: { buy: [{ to: "owes", emit: ["Bought"] }] } },
            owes: { commands: { pay: [{ to: "paid", emit: ["Paid"] }] } },
            paid: {},
          },
        },
        Case: {
          initial: "none",
          states: {
            none: { on: { Bought: [{ to: "due" }] } },
            due: { on: { Paid: [{ to: settled }] }, deadlines: { month: [{ to: "court" }] } },
            court: {},
            settled: {},
          },
        },
      },
      { ends: [end("court", { Case: "court" }), end("settled", { Case: "settled" })] },
    );

  it("says what is lost in a declared end, though elsewhere it leads to another", () => {
    const patch = patchOf(invoice("settled"));
    expect([patch?.why, patch?.loses]).toEqual([
      "ignore: Paid is lost in court, though in due it leads to settled",
      true,
    ]);
    expect(patchOf(invoice("court"))?.why).toBe("ignore: Paid changes nothing in court");
  });
});

describe("applying a patch", () => {
  const contract = reference("create-order");

  it("changes a copy", () => {
    const operations = [
      { op: "add" as const, path: "/participants/Order/states/APPROVED/on/OrderApproved", value: "ignore" },
    ];
    const patched = applyPatch(contract, { operations });
    expect(patched?.participants["Order"]?.states["APPROVED"]?.on?.["OrderApproved"]).toBe("ignore");
    expect(contract.participants["Order"]?.states["APPROVED"]?.on?.["OrderApproved"]).toBeUndefined();
    expect(Object.keys(patched?.participants ?? {})).toEqual(Object.keys(contract.participants));
  });

  it("refuses what would be malformed", () => {
    const operations = [{ op: "replace" as const, path: "/participants/Order/initial", value: "nowhere" }];
    expect(applyPatch(contract, { operations })).toBeUndefined();
    expect(applyPatch(contract, { operations: [{ op: "add", path: "", value: 1 }] })).toBeUndefined();
  });
});

/**
 * The contract with `never` for every event that a participant hears somewhere and a state says nothing
 * about.
 */
function sayingNever(contract: ChoreographyJson): ChoreographyJson {
  const copy = structuredClone(contract) as { participants: Record<string, { states: States }> };
  for (const { states } of Object.values(copy.participants)) {
    const heard = Object.values(states).flatMap(({ on }) => Object.keys(on ?? {}));
    for (const state of Object.values(states)) {
      for (const event of heard) (state.on ??= {})[event] ??= "never";
    }
  }
  return copy as unknown as ChoreographyJson;
}

type States = Record<string, { on?: Record<string, unknown> }>;

describe("a dropped sentence", () => {
  it("is never answered with a deferral in a state that an end names", () => {
    const contract = reference("create-order");
    const { on, ...rest } = contract.participants["Order"]?.states["APPROVAL_PENDING"] ?? {};
    const { CreditCardAuthorized: _, ...others } = on ?? {};
    const states = { ...contract.participants["Order"]?.states, APPROVAL_PENDING: { ...rest, on: others } };
    const order = { initial: "none", ...contract.participants["Order"], states };
    const dropped = { ...contract, participants: { ...contract.participants, Order: order } };
    const named = {
      ...dropped,
      ends: [...contract.ends, { name: "left", states: { Order: "APPROVAL_PENDING" } }],
    };
    const values = (one: ChoreographyJson): unknown[] =>
      check(one, { races: false }).findings.flatMap(({ patch }) =>
        (patch?.operations ?? []).map(({ value }) => value),
      );
    expect(values(named)).not.toContain("defer");
  });
});
