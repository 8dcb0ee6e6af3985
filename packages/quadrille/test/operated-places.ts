// For tests: a choreography at work on a database, with the operator's view of it.
import type { Choreography } from "../src/contract/choreography.ts";
import { fromJson } from "../src/contract/json/from-json.ts";
import { command, type CommandType } from "../src/contract/trigger.ts";
import type { Operations } from "../src/operations/api.ts";
import { openOperations } from "../src/operations/operations.ts";
import type { Database } from "../src/store/database.ts";
import { type ScriptedCall, type ScriptedChoice, scriptedServices } from "../src/testing/scripted.ts";
import { World } from "./engine-world.ts";
import { reference } from "./reference-choreographies.ts";

export const choreography: Choreography = fromJson(reference("create-order"));
export const create: CommandType<"createOrder", undefined> = command("createOrder");
export const first: ScriptedChoice = ({ outcomes }) => outcomes[0] ?? "";

/** Engines and operations on one database. */
export interface Place extends AsyncDisposable {
  readonly world: World;
  readonly operations: Operations;
}

/** What differs from a place where all goes well. */
export interface Script {
  readonly choose?: ScriptedChoice;
  readonly call?: ScriptedCall;
  /** Participants that do not run. */
  readonly without?: readonly string[];
}

/** Makes a place on a database in which nothing has happened yet. */
export async function openPlace(
  database: Database,
  { choose = first, call, without = [] }: Script = {},
): Promise<Place> {
  const all = scriptedServices(choreography, { choose, ...(call === undefined ? {} : { call }) });
  const services = all.filter(({ participant }) => !without.includes(participant.name));
  const world = new World({
    choreography,
    services,
    database,
    limits: { attemptsMax: 1, callAttemptsMax: 1 },
  });
  await world.makeTables();
  const operations = await openOperations({ choreography, database });
  return { world, operations, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}
