// Sagas that share an entity: the anomalies are found by name, and the countermeasures clean.
import { describe, expect, it } from "vitest";
import { choreography, end } from "../../../test/small-choreography.ts";
import type { ChoreographyJson, ParticipantJson } from "../../contract/json-form.ts";
import { check } from "../check.ts";

/**
 * An order is placed, its consumer's credit is asked, and what the credit does is the matter of each test.
 */
function withCredit(credit: ParticipantJson, rest: Partial<ChoreographyJson> = {}): ChoreographyJson {
  return choreography(
    {
      Order: {
        initial: "none",
        states: {
          none: { commands: { place: [{ to: "pending", emit: ["Placed"] }] } },
          pending: {
            lock: true,
            on: { CreditOk: [{ to: "approved", emit: ["Approved"] }], CreditRefused: [{ to: "rejected" }] },
          },
          approved: { on: { Debited: "ignore" } },
          rejected: {},
        },
      },
      Credit: credit,
    },
    {
      ends: [
        end("nothing", { Order: "none" }),
        end("approved", { Order: "approved" }),
        end("rejected", { Order: "rejected" }),
      ],
      ...rest,
    },
  );
}

const refuse = [{ to: "empty", emit: ["CreditRefused"] }];
const check2 = (contract: ChoreographyJson) =>
  check(contract, { sagas: 2, shared: ["Credit"], channel: "bag" }).findings;

describe("two sagas that share a consumer's credit", () => {
  const lookThenTake = withCredit(
    {
      initial: "one",
      states: {
        one: { on: { Placed: [{ to: "one", emit: ["CreditOk"] }], Approved: [{ to: "empty" }] } },
        empty: { on: { Placed: refuse, Approved: [{ to: "overdrawn" }] } },
        overdrawn: { on: { Placed: [{ to: "overdrawn", emit: ["CreditRefused"] }], Approved: "ignore" } },
      },
    },
    { forbidden: [{ name: "nobody is overdrawn", states: { Credit: "overdrawn" } }] },
  );

  it("lose an update when each looks first and takes later", () => {
    expect(check(lookThenTake).findings.filter(({ code }) => code === "P13")).toEqual([]);
    const errors = check2(lookThenTake).filter(({ severity }) => severity === "error");
    expect(errors.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'P13 "nobody is overdrawn" is broken: Credit in overdrawn: lost update at Credit, where saga 1 reads one on Placed, saga 2 makes it empty on Approved, then saga 1 makes it overdrawn on Approved',
    ]);
  });

  it("lose none when looking is taking: debit at once, credit back when the order fails", () => {
    const takeAtOnce = withCredit({
      initial: "one",
      states: {
        one: { on: { Placed: [{ to: "empty", emit: ["CreditOk"] }], Approved: "ignore" } },
        empty: { on: { Placed: refuse, Approved: "ignore" } },
      },
    });
    const found = check2(takeAtOnce);
    expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(found.filter(({ message }) => /update|read/.test(message))).toEqual([]);
  });

  it("read what is taken back: a dirty read", () => {
    const takeBack = withCredit({
      initial: "one",
      states: {
        one: { on: { Placed: [{ to: "empty", emit: ["CreditOk"] }], Approved: "ignore" } },
        empty: { on: { Placed: refuse, Approved: [{ to: "one" }, { to: "empty", choice: "keep" }] } },
      },
    });
    const messages = check2(takeBack)
      .filter(({ code }) => code === "P10")
      .map(({ message }) => message);
    expect(messages).toContain(
      "dirty read at Credit: saga 1 makes it empty on Placed, saga 2 reads empty on Placed, then saga 1 makes it one on Approved",
    );
  });

  it("read twice and see two things: a fuzzy read", () => {
    const rereads = withCredit({
      initial: "one",
      states: {
        one: {
          on: {
            Placed: [
              { to: "one", emit: ["CreditOk"], choice: "look" },
              { to: "empty", emit: ["CreditRefused"], choice: "take" },
            ],
            Approved: [{ to: "one" }],
          },
        },
        empty: { on: { Placed: refuse, Approved: [{ to: "empty" }] } },
      },
    });
    const messages = check2(rereads)
      .filter(({ code }) => code === "P10")
      .map(({ message }) => message);
    expect(messages).toEqual([
      "fuzzy read at Credit: saga 1 reads one on Placed, saga 2 makes it empty on Placed, then saga 1 reads empty on Approved",
    ]);
  });
});

describe("two sagas that lock two entities", () => {
  const lockable = (own: string, free: string): ParticipantJson => ({
    initial: "free",
    states: {
      free: { on: { [own]: [{ to: "held", emit: [`${own}Granted`] }], [free]: "ignore" } },
      held: { lock: true, on: { [own]: "defer", [free]: [{ to: "free" }] } },
    },
  });

  /** A saga that takes its two locks in an order which its first choice decides. */
  const taker = (orders: readonly (readonly [string, string])[]): ParticipantJson => ({
    initial: "start",
    states: {
      start: {
        commands: {
          go: orders.map(([first, second]) => ({
            to: `${first} then ${second}`,
            emit: [first],
            choice: `${first} first`,
          })),
        },
      },
      ...Object.fromEntries(
        orders.flatMap(([first, second]) => [
          [
            `${first} then ${second}`,
            { lock: true, on: { [`${first}Granted`]: [{ to: `${second} last`, emit: [second] }] } },
          ],
          [
            `${second} last`,
            { lock: true, on: { [`${second}Granted`]: [{ to: "done", emit: ["FreeA", "FreeB"] }] } },
          ],
        ]),
      ),
      done: {},
    },
  });
  const both = (orders: readonly (readonly [string, string])[]): ChoreographyJson =>
    choreography(
      { Taker: taker(orders), StoreA: lockable("TakeA", "FreeA"), StoreB: lockable("TakeB", "FreeB") },
      { ends: [end("any", {})] },
    );
  const options = { sagas: 2, shared: ["StoreA", "StoreB"] };

  it("in two orders, a cycle of locks is named", () => {
    const messages = check(
      both([
        ["TakeA", "TakeB"],
        ["TakeB", "TakeA"],
      ]),
      options,
    )
      .findings.filter(({ code }) => code === "P3a")
      .map(({ message }) => message);
    expect(messages).toContain(
      "TakeA waits for ever: StoreA rests in held and defers it; lock-order cycle: saga 2 waits for StoreA, held by saga 1, saga 1 waits for StoreB, held by saga 2",
    );
  });

  it("in one order there is none", () => {
    const errors = check(both([["TakeA", "TakeB"]]), options).findings.filter(
      ({ severity }) => severity === "error",
    );
    expect(errors).toEqual([]);
  });
});

describe("the search for anomalies", () => {
  const busy = withCredit({
    initial: "one",
    states: { one: { on: { Placed: [{ to: "one", emit: ["CreditOk"] }], Approved: "ignore" } } },
  });
  const sharing = { sagas: 3, shared: ["Credit"], patches: false, channel: "bag" } as const;

  it("ends when the time is over, and the report says so", () => {
    const looks = (races: boolean): number => {
      let count = 0;
      const report = check(busy, { ...sharing, races, shouldStop: () => (count++, false) });
      expect(report.limit).toBeUndefined();
      return count;
    };
    const [without, withRaces] = [looks(false), looks(true)];
    expect(withRaces).toBeGreaterThan(without);
    let left = without;
    expect(check(busy, { ...sharing, shouldStop: () => left-- <= 0 }).limit).toBe("time");
  });

  it("says what it has not judged to the end", () => {
    const cut = check(busy, { ...sharing, reduce: "never", bound: { plain: 20 } }).findings;
    expect(cut.map(({ message }) => message)).toContain(
      "whether Credit has a lost update, dirty read or fuzzy read was not judged to the end: there are too many states",
    );
    expect(
      check(busy, sharing)
        .findings.map(({ message }) => message)
        .join(),
    ).not.toContain("to the end");
  });
});
