// A join that may rest with some of its facts: approvers are people, who may never answer.
import { describe, expect, it } from "vitest";
import {
  atLeast,
  choreography,
  command,
  event,
  ignore,
  memoryDatabase,
  on,
  participant,
  service,
  startEngine,
  to,
  toJson,
} from "../index.ts";
import { parseChoreography } from "../contract/json/parse-json.ts";
import { writeOutJoins } from "../contract/json/write-out-joins.ts";
import { choreography as small, end } from "../../test/small-choreography.ts";
import type { ParticipantJson } from "../contract/json-form.ts";
import type { EventType } from "../contract/trigger.ts";
import { check } from "./check.ts";

type Many = readonly [EventType<string, undefined>, EventType<string, undefined>, ...EventType[]];

const ask = command("ask");
const approve1 = command("approve1");
const approve2 = command("approve2");

/** Two of `count` approvers are enough. */
function approval(count: number, options: { readonly rests?: true }) {
  const Asked = event("Asked");
  const approved = Array.from({ length: count }, (_, index) => event(`Approved${index + 1}`));
  const decision = participant("Decision", {
    entity: "Decision",
    initial: "none",
    states: {
      none: [on(ask, to("OPEN").emits(Asked))],
      OPEN: [on(atLeast(2, ...(approved as unknown as Many)), to("MADE"), { as: "enough", ...options })],
      MADE: approved.map((one) => ignore(one)),
    },
  });
  const approvers = approved.map((given, index) =>
    participant(`Approver${index + 1}`, {
      entity: `Vote${index + 1}`,
      initial: "none",
      states: {
        none: [on(Asked, to("ASKED"))],
        ASKED: [
          on([approve1, approve2][index] ?? command(`approve${index + 1}`), to("APPROVED").emits(given)),
        ],
        APPROVED: [],
      },
    }),
  );
  return choreography("Approval", {
    participants: [decision, ...approvers],
    ends: { open: { Decision: "OPEN" }, made: { Decision: "MADE" } },
  });
}

/** Six approvers are a join that is kept as it is in the JSON form; three are written out. */
describe.each([3, 6])("two of %i approvers", (count) => {
  const errors = (options: { readonly rests?: true }) =>
    check(toJson(approval(count, options)), { patches: false }).findings.filter(
      ({ severity }) => severity !== "report",
    );

  it("may leave it at one", () => {
    expect(errors({ rests: true })).toEqual([]);
  });

  it("have to go on by default", () => {
    expect(new Set(errors({}).map(({ code }) => code))).toEqual(new Set(["P4", "P5"]));
  });

  it("mean the same in the JSON form, and written out", () => {
    const json = toJson(approval(count, { rests: true }));
    expect(parseChoreography(JSON.parse(JSON.stringify(json)))).toEqual({ ok: true, choreography: json });
    const { findings } = check(writeOutJoins(json), { patches: false });
    expect(findings.filter(({ severity }) => severity !== "report")).toEqual([]);
  });
});

it("a saga at one approval has ended, and goes on with the second", async () => {
  const contract = approval(3, { rests: true });
  const services = contract.participants.map((one) => service(one));
  await using database = memoryDatabase();
  await using engine = await startEngine({ choreography: contract, services, database });
  const signal = AbortSignal.timeout(5_000);
  const { sagaId } = await engine.send(ask);
  await engine.saga(sagaId).ended({ signal });
  await engine.send(approve2, { sagaId });
  expect(await engine.saga(sagaId).ended({ signal })).toMatchObject({
    end: "open",
    states: { Decision: "OPEN+Approved2" },
  });
  await engine.send(approve1, { sagaId });
  expect(await engine.saga(sagaId).ended({ signal })).toMatchObject({ end: "made" });
});

it("a join that may rest is not exchanged for one that may not", () => {
  const hub = (own: number, rests: { readonly rests?: true }): ParticipantJson => ({
    initial: "OPEN",
    states: {
      OPEN: { join: { facts: [`A${own}`, `B${own}`], outcomes: [{ to: "DONE" }], ...rests } },
      DONE: {},
    },
  });
  const party = (own: number): ParticipantJson => ({
    initial: "none",
    states: {
      none: { commands: { [`begin${own}`]: [{ to: "BEGUN", emit: [`A${own}`] }] } },
      BEGUN: { commands: { [`end${own}`]: [{ to: "ENDED", emit: [`B${own}`] }] } },
      ENDED: {},
    },
  });
  const contract = small(
    { Hub1: hub(1, { rests: true }), Hub2: hub(2, {}), P1: party(1), P2: party(2) },
    { ends: [end("any", {})] },
  );
  const statesOf = (fold: "always" | "never") => check(contract, { fold, patches: false }).states;
  expect(statesOf("always")).toBe(statesOf("never"));
});
