// What an engine is started with, looked at before anything is opened: TypeScript sees what is wrong with it,
// but Node runs a module without looking at its types.
import { assertOptions, wrongArgument } from "../contract/known-keys.ts";
import { isRecord, kindOf } from "../contract/reading.ts";
import { choreographiesOf } from "../contract/system.ts";
import type { EngineOptions, EngineParts } from "./message/api.ts";
import { defaultLimits } from "./message/limits.ts";

const partNames = {
  services: true,
  database: true,
  transport: true,
  ambient: true,
  businessTime: true,
  limits: true,
  lanes: true,
} satisfies Record<keyof EngineParts, true>;

const optionKeys = ["choreography", "choreographies", ...Object.keys(partNames)];

/** Throws `Q_ARGUMENT_INVALID` where an option is missing, misspelt or of another kind. */
export function assertEngineOptions(options: EngineOptions): void {
  assertOptions("startEngine", options, optionKeys);
  assertList("choreographies", choreographiesOf(options), {
    kind: "choreography",
    made: 'choreography("…", {…}) or fromJson(…)',
  });
  assertDatabase(options.database);
  assertList("services", options.services, { kind: "service", made: "service(participant, {…})" });
  assertParticipants(options);
  assertNumbers(options);
}

/** Of what a list is, and which function makes it. */
interface ListOf {
  readonly kind: string;
  readonly made: string;
}

function assertList(name: string, list: unknown, { kind, made }: ListOf): void {
  if (!Array.isArray(list)) throw wrongArgument(`startEngine: ${name} is a list, not ${kindOf(list)}`);
  const others = list.filter((one) => !isRecord(one) || one["kind"] !== kind);
  if (others.length === 0) return;
  throw wrongArgument(`startEngine: a ${kind} is what ${made} returns, not ${kindOf(others[0])}`);
}

function assertDatabase(database: unknown): void {
  if (isRecord(database) && typeof database["open"] === "function") return;
  if (!(database instanceof Promise))
    throw wrongArgument(
      `startEngine: a database is what memoryDatabase() or await postgresDatabase(…) returns, not ${kindOf(database)}`,
    );
  // No caller awaits it now: its failure would end the process.
  database.catch(() => undefined);
  throw wrongArgument("startEngine: the database is a promise. Write `await` before the call that opens it");
}

function assertParticipants(options: EngineOptions): void {
  const choreographies = choreographiesOf(options);
  const known = new Set(choreographies.flatMap(({ participants }) => participants.map(({ name }) => name)));
  const names = options.services.map(({ participant }) => participant.name);
  const stranger = names.find((name) => !known.has(name));
  if (stranger !== undefined) {
    const where = choreographies.map(({ name }) => name).join(" or ");
    throw wrongArgument(`startEngine: ${stranger} has a service and is not a participant of ${where}`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw wrongArgument(`startEngine: ${twice} has two services. Give one of them`);
}

function assertNumbers({ limits = {}, lanes }: EngineOptions): void {
  assertOptions("startEngine: limits", limits, Object.keys(defaultLimits));
  for (const [name, value] of Object.entries(limits)) {
    if (typeof value === "number" && value >= 0) continue;
    throw wrongArgument(`startEngine: the limit ${name} is a number from 0, not ${kindOf(value)}`);
  }
  if (lanes === undefined || (Number.isSafeInteger(lanes) && lanes >= 1)) return;
  throw wrongArgument(`startEngine: lanes is a whole number from 1, not ${kindOf(lanes)}`);
}
