// Deadlines that are computed from the entity's data when its state is entered.
import { lend, library, note, renew, services } from "../../test/lending-choreography.ts";
import { describe, expect, it } from "vitest";
import { soon } from "../../../../test/soon.ts";
import { World } from "../../test/engine-world.ts";
import { steppedTime } from "../ambient/business-time.ts";
import { check } from "../check/check.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { parseChoreography } from "../contract/json/parse-json.ts";
import { toJson } from "../contract/json/to-json.ts";

const from = Date.parse("2015-03-01T00:00:00Z");
const day = 86_400_000;
const businessTime = steppedTime({ from });
const world = (): World => new World({ choreography: library, services });
const sagaId = "book";

async function times(here: World): Promise<readonly string[]> {
  const rows = await (await here.store("Loan")).timeline(sagaId);
  return rows.map(({ time, trigger, to: state }) => `${(time - from) / day} ${trigger} ${state}`);
}

describe("a deadline from data", () => {
  it("comes when the entity's data say", async () => {
    await using here = world();
    const engine = await here.start({ businessTime });
    await engine.send(lend, { dueAt: from + 14 * day }, { sagaId });
    await engine.time.moveTo(from + 30 * day);
    expect(await times(here)).toEqual(["0 lend LENT", "14 due OVERDUE"]);
    expect(await here.audit()).toEqual([]);
  });

  it("survives a restart", async () => {
    await using here = world();
    const first = await here.start({ businessTime });
    await first.send(lend, { dueAt: from + 14 * day }, { sagaId });
    await first.time.moveTo(from + 3 * day);
    await here.stop(first);
    const second = await here.start({ businessTime });
    await second.time.moveTo(from + 30 * day);
    expect(await times(here)).toEqual(["0 lend LENT", "14 due OVERDUE"]);
  });

  it("may be none", async () => {
    await using here = world();
    const engine = await here.start({ businessTime });
    await engine.send(lend, { dueAt: null }, { sagaId });
    await engine.time.moveTo(from + 300 * day);
    expect(await times(here)).toEqual(["0 lend LENT"]);
    expect(await (await here.store("Loan")).nextDue(0)).toBeUndefined();
  });

  it("is set again where the reaction says so, earlier or later, and kept where it does not", async () => {
    await using here = world();
    const engine = await here.start({ businessTime });
    await engine.send(lend, { dueAt: from + 14 * day }, { sagaId });
    await engine.send(note, { dueAt: from + 2 * day }, { sagaId });
    await engine.time.moveTo(from + 5 * day);
    await engine.send(renew, { dueAt: from + 28 * day }, { sagaId });
    await engine.time.moveTo(from + 20 * day);
    await engine.send(renew, { dueAt: from + 21 * day }, { sagaId });
    await engine.time.moveTo(from + 60 * day);
    expect(await times(here)).toEqual([
      "0 lend LENT",
      "0 note LENT",
      "5 renew LENT",
      "20 renew LENT",
      "21 due OVERDUE",
    ]);
  });

  it("that has passed already comes at once", async () => {
    await using here = world();
    const engine = await here.start({ businessTime });
    await engine.send(lend, { dueAt: from - day }, { sagaId });
    await engine.idle({ signal: soon() });
    expect(await times(here)).toEqual(["0 lend LENT", "0 due OVERDUE"]);
  });

  it("that is no time refuses the reaction, and nothing is written", async () => {
    await using here = world();
    const engine = await here.start({ businessTime });
    const sent = engine.send(lend, { dueAt: 1e300 }, { sagaId });
    await expect(sent).rejects.toMatchObject({ code: "Q_DEADLINE_INVALID" });
    await expect(sent).rejects.toThrow("The deadline due of LENT gave 1e+300;");
    expect(await times(here)).toEqual([]);
  });

  it("is in the JSON form, and to the checker a deadline like any other", () => {
    const json = toJson(library);
    expect(json.participants["Loan"]?.states["LENT"]).toMatchObject({
      fromData: ["due"],
      deadlines: { due: [{ to: "OVERDUE" }] },
      commands: { renew: [{ to: "LENT", rearm: true }], note: [{ to: "LENT" }] },
    });
    expect(toJson(fromJson(json))).toEqual(json);
    expect(parseChoreography(JSON.parse(JSON.stringify(json)))).toEqual({ ok: true, choreography: json });
    const plain = JSON.stringify(json).replace('"fromData":["due"],', "").replace(',"fromData":["due"]', "");
    const [report, other] = [json, JSON.parse(plain) as typeof json].map((one) => check(one));
    expect([report?.states, report?.transitions, report?.findings]).toEqual([
      other?.states,
      other?.transitions,
      other?.findings,
    ]);
    const wrong = JSON.stringify(json).replace('["due"]', '["never"]').replace('"rearm":true', '"rearm":1');
    const parsed = parseChoreography(JSON.parse(wrong));
    expect(parsed.ok ? [] : parsed.problems.map(({ message }) => message)).toEqual([
      '"rearm" of Loan.LENT on renew must be true or absent, not the number 1',
      "Loan.LENT has no deadline and no timeout called never",
    ]);
  });
});
