// What a scenario is given, looked at before its first step: names of commands, activities and events of the
// choreography, and data for every command of the path that carries some.
import type { PathStep } from "../check/model/finding.ts";
import type { Choreography } from "../contract/choreography.ts";
import { assertOptions, wrongArgument } from "../contract/known-keys.ts";
import type { Service, Transaction } from "../contract/handler.ts";
import { sentencesOf } from "../contract/participant.ts";
import { isRecord, kindOf } from "../contract/reading.ts";

/**
 * What a scenario needs besides the path. Data is by name; a participant without a service does as the path
 * says.
 */
export interface ScenarioOptions {
  readonly choreography: Choreography;
  /** The code to be tried. */
  readonly services?: readonly Service[];
  /** What each command brings. */
  readonly commands?: Readonly<Record<string, unknown>>;
  /** What each activity results in, given the outcome that the path wants. */
  readonly results?: Readonly<Record<string, (choice: string | undefined) => unknown>>;
  /** What each event carries that a participant without a service publishes. */
  readonly payloads?: Readonly<Record<string, unknown>>;
  /** For handlers that write their own tables. */
  readonly transaction?: Transaction;
}

const optionNames = {
  choreography: true,
  services: true,
  commands: true,
  results: true,
  payloads: true,
  transaction: true,
} satisfies Record<keyof ScenarioOptions, true>;

/** Throws `Q_ARGUMENT_INVALID` where something is misspelt, missing, or of another kind. */
export function assertScenario(path: readonly PathStep[], options: ScenarioOptions): void {
  assertOptions("scenario", options, Object.keys(optionNames));
  const first: unknown = path;
  if (!Array.isArray(first))
    throw wrongArgument(`scenario takes a path first, a list of steps, not ${kindOf(first)}`);
  const { choreography, services = [], commands = {}, results = {}, payloads = {} } = options;
  if (!isRecord(choreography) || choreography["kind"] !== "choreography")
    throw wrongArgument(
      `scenario: a choreography is what choreography("…", {…}) returns, not ${kindOf(choreography)}`,
    );
  const other: unknown = services.find((one) => !isRecord(one) || one.kind !== "service");
  if (other !== undefined)
    throw wrongArgument(
      `scenario: a service is what service(participant, {…}) returns, not ${kindOf(other)}`,
    );
  const schemas = schemasOf(choreography);
  assertOptions("scenario: commands", commands, [...schemas.command.keys()]);
  assertOptions("scenario: results", results, [...schemas.activity.keys()]);
  assertOptions("scenario: payloads", payloads, [...schemas.event.keys()]);
  for (const [name, result] of Object.entries(results)) {
    if (typeof result === "function") continue;
    throw wrongArgument(`scenario: results: ${name} is a function, (choice) => …, not ${kindOf(result)}`);
  }
  const sent = path.find(
    ({ kind, trigger }) =>
      kind === "command" && schemas.command.get(trigger) === true && commands[trigger] === undefined,
  );
  if (sent === undefined) return;
  throw wrongArgument(`scenario: commands has no data for ${sent.trigger}, which the path sends`);
}

/** By kind and name, whether it carries data. */
type Carriers = Readonly<Record<"command" | "activity" | "event", Map<string, boolean>>>;

function schemasOf({ participants }: Choreography): Carriers {
  const found: Carriers = { command: new Map(), activity: new Map(), event: new Map() };
  const sentences = participants.flatMap(({ states }) => Object.values(states).flatMap(sentencesOf));
  for (const { trigger } of sentences) {
    const single = trigger.kind === "join" ? trigger.facts : [trigger];
    for (const one of single)
      if (one.kind === "command" || one.kind === "activity" || one.kind === "event")
        found[one.kind].set(one.name, one.schema !== undefined);
  }
  return found;
}
