// What an engine cannot be started with is refused before anything is opened, in one sentence.
import { describe, expect, it } from "vitest";
import { virtualAmbient } from "../ambient/virtual.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { on } from "../contract/reaction.ts";
import { command, event } from "../contract/trigger.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { startEngine } from "./engine.ts";

const ask = command("ask");
const Asked = event("Asked");
const asker = participant("Asker", {
  entity: "Question",
  initial: "none",
  states: { none: [on(ask, to("ASKED").emits(Asked))], ASKED: [] },
});
const helper = participant("Helper", {
  entity: "Answer",
  initial: "none",
  states: { none: [on(Asked, to("GIVEN"))], GIVEN: [] },
});
const stranger = participant("Stranger", { entity: "Stranger", initial: "none", states: { none: [] } });
const help = choreography("Help", {
  participants: [asker, helper],
  ends: { helped: { Asker: "ASKED", Helper: "GIVEN" } },
});
const services = [service(asker), service(helper)];

/** As a module without types calls it. */
const untyped = startEngine as unknown as (options?: unknown) => Promise<AsyncDisposable>;

describe("an engine's options", () => {
  const database = memoryDatabase();
  const fit = { choreography: help, services, database };
  it.each<[string, unknown, string]>([
    [
      "nothing",
      undefined,
      "startEngine takes an object, { choreography, choreographies, services, database, ",
    ],
    [
      "a key misspelt",
      { ...fit, limit: {} },
      'startEngine has the unknown key "limit"; known are choreography, choreographies, services, database, transport, ambient, businessTime, limits, lanes. Did you mean limits?',
    ],
    [
      "no choreography",
      { services, database },
      'startEngine: a choreography is what choreography("…", {…}) or fromJson(…) returns, not nothing.',
    ],
    [
      "a participant as one",
      { ...fit, choreography: asker },
      'startEngine: a choreography is what choreography("…", {…}) or fromJson(…) returns, not an object.',
    ],
    [
      "one where several are expected",
      { services, database, choreographies: help },
      "startEngine: choreographies is a list, not an object.",
    ],
    [
      "no database",
      { choreography: help, services },
      "startEngine: a database is what memoryDatabase() or await postgresDatabase(…) returns, not nothing.",
    ],
    [
      "a database that was not awaited",
      { ...fit, database: Promise.resolve(database) },
      "startEngine: the database is a promise. Write `await` before the call that opens it.",
    ],
    ["no services", { choreography: help, database }, "startEngine: services is a list, not nothing."],
    [
      "a participant as a service",
      { ...fit, services: [asker] },
      "startEngine: a service is what service(participant, {…}) returns, not an object.",
    ],
    [
      "a service of another choreography",
      { ...fit, services: [...services, service(stranger)] },
      "startEngine: Stranger has a service and is not a participant of Help.",
    ],
    [
      "two services of one participant",
      { ...fit, services: [...services, service(asker)] },
      "startEngine: Asker has two services. Give one of them.",
    ],
    [
      "a limit misspelt",
      { ...fit, limits: { attemptMax: 3 } },
      'startEngine: limits has the unknown key "attemptMax"; known are ',
    ],
    [
      "a limit that is no number",
      { ...fit, limits: { attemptsMax: "3" } },
      'startEngine: the limit attemptsMax is a number from 0, not the text "3".',
    ],
    [
      "half a lane",
      { ...fit, lanes: 0.5 },
      "startEngine: lanes is a whole number from 1, not the number 0.5.",
    ],
  ])("are refused: %s", async (_, options, sentence) => {
    const started = untyped(options);
    await expect(started).rejects.toMatchObject({ code: "Q_ARGUMENT_INVALID" });
    await expect(started).rejects.toThrow(sentence);
  });
});

describe("a participant without a service", () => {
  it("is warned of, where no other process can have the database", async () => {
    const ambient = virtualAmbient();
    const parts = { choreography: help, database: memoryDatabase(), ambient };
    await using _ = await startEngine({ ...parts, services: services.slice(0, 1) });
    const message =
      "No service was given for Helper: messages wait until an engine of this process has one (the database is memory, which no other process can use).";
    expect(ambient.logged).toEqual([{ level: "warn", message }]);
  });

  it("is not, where all have one", async () => {
    const ambient = virtualAmbient();
    await using _ = await startEngine({ choreography: help, services, database: memoryDatabase(), ambient });
    expect(ambient.logged).toEqual([]);
  });
});
