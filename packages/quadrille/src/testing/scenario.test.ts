// Every path that the checker finds can be walked with the real transition; real handlers may refuse to.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { reference, referenceCounts } from "../../test/reference-choreographies.ts";
import { check } from "../check/check.ts";
import type { PathStep } from "../check/model/finding.ts";
import { choreography } from "../contract/choreography.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { type Choice, type Service, service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { lock, on } from "../contract/reaction.ts";
import { toJson } from "../contract/json/to-json.ts";
import { activity, all, command, event } from "../contract/trigger.ts";
import { withHandler } from "../../test/with-handler.ts";
import { opens, station } from "../../test/locker-choreography.ts";
import { scenario } from "./scenario.ts";

describe("the paths that the checker finds", () => {
  it.each(Object.keys(referenceCounts))("in %s can all be walked", async (name) => {
    const json = reference(name);
    const withPath = check(json, { patches: false }).findings.filter(({ path }) => path.length > 0);
    for (const { path, message } of withPath) {
      const report = await scenario(path, { choreography: fromJson(json) });
      expect([message, report.deviation, report.confirmed]).toEqual([message, "", true]);
    }
  });

  it.each([
    { faults: { duplicate: 1 } },
    { faults: { lost: 1 } },
    { faults: { early: 1 } },
    { faults: { effect: 1 } },
    { channel: "fifo", defer: "block" },
  ] as const)("under %j can be walked, too", async (options) => {
    const json = reference("order-lifecycle");
    const withPath = check(json, { patches: false, ...options }).findings.filter(
      ({ path }) => path.length > 0,
    );
    for (const { path, message } of withPath) {
      const report = await scenario(path, { choreography: fromJson(json) });
      expect([message, report.deviation, report.confirmed]).toEqual([message, "", true]);
    }
  });
});

const Ordered = event("Ordered", z.object({ cents: z.int() }));
const Billed = event("Billed", z.object({ cents: z.int() }));
const Paid = event("Paid");
const place = command("place", z.object({ cents: z.int() }));
const charge = activity("charge", z.object({ ok: z.boolean() }));

const guest = participant("Guest", {
  entity: "Guest",
  initial: "HUNGRY",
  states: {
    HUNGRY: [on(place, to("WAITING").emits(Ordered, Billed))],
    WAITING: lock([on(Paid, to("FED"))]),
    FED: [],
  },
});
const till = participant("Till", {
  entity: "Bill",
  data: z.object({ cents: z.int() }),
  initial: "ABSENT",
  states: {
    ABSENT: [on(all(Ordered, Billed), to("CHARGING"))],
    CHARGING: lock([on(charge, { ok: to("DONE").emits(Paid), declined: to("DONE") })]),
    DONE: [],
  },
});
const dinner = choreography("Dinner", {
  participants: [guest, till],
  ends: { fed: { Guest: "FED", Till: "DONE" }, away: { Guest: "HUNGRY" } },
});
const guestService = service(guest, {
  handlers: {
    HUNGRY: {
      place: ({ payload, choose }) => choose({ Ordered: payload, Billed: { cents: payload.cents + 1 } }),
    },
  },
});
const tillService = service(till, {
  handlers: {
    ABSENT: {
      "Ordered+Billed": ({ payload, choose }) =>
        choose({ data: { cents: payload.Ordered.cents + payload.Billed.cents } }),
    },
    CHARGING: { charge: ({ payload, choose }) => (payload.ok ? choose.ok() : choose.declined()) },
  },
  activities: { charge: async () => ({ ok: true }) },
});

describe("a counterexample", () => {
  // The guest waits for ever when the card is declined.
  const stuck = check(toJson(dinner)).findings.find(({ code }) => code === "P5");
  const path: readonly PathStep[] = stuck?.path ?? [];
  const given = {
    choreography: dinner,
    services: [guestService, tillService],
    commands: { place: { cents: 5 } },
  };

  it("is confirmed by real handlers that go the same way", async () => {
    const seen: unknown[] = [];
    const results = { charge: (choice: string | undefined) => ({ ok: choice === "ok" }) };
    const watching = {
      ...tillService,
      handlers: new Map(
        Array.from(tillService.handlers, ([state, byTrigger]) => [
          state,
          new Map(
            Array.from(byTrigger, ([trigger, handler]) => [
              trigger,
              typeof handler !== "function"
                ? handler
                : (input: Parameters<typeof handler>[0]) => {
                    seen.push(input.payload, input.entity.data);
                    return handler(input);
                  },
            ]),
          ),
        ]),
      ),
    };
    const report = await scenario(path, { ...given, services: [guestService, watching], results });
    expect(report).toMatchObject({
      confirmed: true,
      deviation: "",
      steps: path.length,
      states: { Guest: "WAITING", Till: "DONE" },
    });
    expect(seen).toEqual([
      { Ordered: { cents: 5 }, Billed: { cents: 6 } },
      undefined,
      { ok: false },
      { cents: 11 },
    ]);
  });

  it("is confirmed where a shared entity has an outcome for the saga that entered its state", async () => {
    const { path = [] } = check(toJson(station)).findings.find(({ code }) => code === "P13") ?? {};
    const commands = { take: { locker: "7" }, open: { locker: "7" } };
    expect(path.map(({ trigger, choice }) => [trigger, choice])).toEqual([
      ["take", undefined],
      ["open", "mine"],
    ]);
    expect(await scenario(path, { choreography: station, services: [opens], commands })).toMatchObject({
      confirmed: true,
    });
  });

  it("asks a handler for sets with one message, and throws what that answers in error", async () => {
    const asked: unknown[] = [];
    const tillWith = (answer: (choice: Choice) => Choice | Error): Service =>
      withHandler(
        tillService,
        { state: "CHARGING", trigger: "charge" },
        {
          transactAll: async (inputs, tx) => {
            asked.push((await tx.query("select")).rows, inputs.length);
            return inputs.map(() => answer({ outcome: "declined", payloads: {} }));
          },
        },
      );
    const options = { ...given, results: { charge: () => ({ ok: false }) } };
    const transaction = { query: async () => ({ rows: [] }) };
    const run = (till: Service) =>
      scenario(path, { ...options, services: [guestService, till], transaction });
    expect(await run(tillWith((choice) => choice))).toMatchObject({ confirmed: true });
    await expect(run(tillWith(() => new Error("not now")))).rejects.toThrow("not now");
    expect(asked).toEqual([[], 1, [], 1]);
  });

  it("is not, when they go another way", async () => {
    const report = await scenario(path, { ...given, results: { charge: () => ({ ok: true }) } });
    expect(report).toMatchObject({
      confirmed: false,
      deviation: `Step ${path.length}: Till answers charge with "ok" and not with "declined".`,
    });
  });

  it("is not, when the contract has changed since", async () => {
    const [first, second] = path;
    if (first === undefined || second === undefined) throw new Error("the path is too short");
    const other = await scenario([{ ...first, to: "ELSEWHERE" }], given);
    expect(other.deviation).toBe("Step 1: Guest goes to WAITING and not to ELSEWHERE.");
    const early = await scenario([second], given);
    expect(early.deviation).toMatch(/^Step 1: no \w+ is on its way to Till\.$/);
    await expect(scenario([{ ...first, participant: "Ghost" }], given)).rejects.toThrow(
      "Dinner has no participant Ghost",
    );
  });
});
