// A book is lent, and its tests: one handler, every interleaving, every path through the real handlers, and
// fourteen days in a moment.
import { deepEqual, equal, ok } from "node:assert/strict";
import test from "node:test";
import {
  after,
  choreography,
  command,
  event,
  memoryDatabase,
  on,
  participant,
  service,
  startEngine,
  to,
  toJson,
} from "quadrille";
import { assertHolds, coveringPaths } from "quadrille/check";
import { given, scenario, storeConformance, storeSubject, virtualAmbient } from "quadrille/testing";
import { z } from "zod";

const lend = command("lend", z.object({ days: z.int() }));
const giveBack = command("giveBack");
const Lent = event("Lent");
const DueDayPassed = event("DueDayPassed");
const GivenBack = event("GivenBack");

const desk = participant("Desk", {
  entity: "Loan",
  initial: "none",
  states: {
    none: [on(lend, { ok: to("LENT").emits(Lent), tooLong: to("REFUSED") })],
    LENT: [
      on(giveBack, to("BACK").emits(GivenBack)),
      after("14d", to("OVERDUE").emits(DueDayPassed), "dueDay"),
    ],
    OVERDUE: [on(giveBack, to("BACK").emits(GivenBack))],
    BACK: [],
    REFUSED: [],
  },
});
const reminders = participant("Reminders", {
  entity: "Reminder",
  initial: "none",
  states: {
    none: [on(Lent, to("WATCHING"))],
    WATCHING: [on(DueDayPassed, to("SENT")), on(GivenBack, to("OVER"))],
    SENT: [on(GivenBack, to("OVER"))],
    OVER: [],
  },
});
export const lending = choreography("Lending", {
  participants: [desk, reminders],
  ends: {
    refused: { Desk: "REFUSED", Reminders: "none" },
    lent: { Desk: ["LENT", "OVERDUE"], Reminders: ["WATCHING", "SENT"] },
    back: { Desk: "BACK", Reminders: "OVER" },
  },
});
const lendingDesk = service(desk, {
  handlers: {
    none: { lend: ({ payload, choose }) => (payload.days <= 28 ? choose.ok() : choose.tooLong()) },
  },
});
const services = [lendingDesk, service(reminders)];

if (import.meta.main) {
  void test("a book is lent for four weeks at most", () => {
    given(lendingDesk, "none").when(lend, { days: 28 }).then("ok", { Lent: undefined });
    equal(given(lendingDesk, "none").when(lend, { days: 29 }).state, "REFUSED");
  });

  void test("every interleaving comes to an end that is declared", () => {
    equal(assertHolds(toJson(lending)).exhausted, true);
  });

  void test("the handlers go every path of the contract", async () => {
    const paths = coveringPaths(toJson(lending));
    for (const path of paths) {
      const days = path.some(({ choice }) => choice === "tooLong") ? 29 : 7;
      const report = await scenario(path, { choreography: lending, services, commands: { lend: { days } } });
      equal(report.deviation, "");
    }
    ok(paths.length > 1);
  });

  void test("a reminder is sent after fourteen days", async () => {
    const ambient = virtualAmbient();
    await using database = memoryDatabase();
    await using engine = await startEngine({ choreography: lending, services, database, ambient });
    const { sagaId } = await engine.send(lend, { days: 7 });
    ambient.advance(14 * 24 * 60 * 60 * 1_000);
    const ended = await engine.saga(sagaId).ended({ signal: AbortSignal.timeout(5_000) });
    deepEqual(ended?.states, { Desk: "OVERDUE", Reminders: "SENT" });
  });

  for (const { name, run } of storeConformance)
    void test(`a store ${name}`, async () => {
      await using database = memoryDatabase();
      await run(storeSubject({ database, participant: "desk", sql: false }));
    });
}
