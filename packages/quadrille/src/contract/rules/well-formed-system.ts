// Static well-formedness of several choreographies together: names, events taken from each other, cycles of
// causation.
import { QuadrilleError } from "../../errors.ts";
import type { Choreography } from "../choreography.ts";
import { pointer } from "../pointer.ts";
import { storedFit } from "../schema-fit/stored-fit.ts";
import type { EventType, Schema } from "../trigger.ts";
import { versionOf } from "../versioned.ts";
import { type Use, usesOf } from "./uses.ts";
import { assertWellFormed, type WellFormedFinding } from "./well-formed.ts";
import { type Complaint, wellFormedRules } from "./well-formed-rules.ts";

/** One thing that is wrong where choreographies meet. */
export interface SystemFinding extends WellFormedFinding {
  /** The choreography in whose contract the place is. */
  readonly choreography: string;
}

/** What is wrong with choreographies together, besides each one's own findings. */
export function wellFormedSystem(choreographies: readonly Choreography[]): readonly SystemFinding[] {
  return choreographies.flatMap((choreography, index) =>
    [
      ...namedTwice(choreography, choreographies.slice(0, index)),
      ...takenWrongly(choreography, choreographies),
      ...circles(choreography, choreographies.slice(index)),
    ].map((complaint) => ({
      ...complaint,
      severity: wellFormedRules[complaint.code].severity,
      choreography: choreography.name,
    })),
  );
}

/** Throws `Q_CONTRACT_MALFORMED` where one of them cannot run, or where they cannot run together. */
export function assertSystem(choreographies: readonly Choreography[]): void {
  if (choreographies.length === 0) throw malformed("There is no choreography to run.");
  for (const choreography of choreographies) assertWellFormed(choreography);
  for (const { name, takes } of choreographies) {
    const missing = takes.find(({ from }) => !choreographies.some((one) => one.name === from));
    if (missing === undefined) continue;
    throw malformed(
      `${name} takes ${missing.event.name} from "${missing.from}", which is not in this system. Give both: { choreographies: [...] }.`,
    );
  }
  const broken = wellFormedSystem(choreographies).find(({ severity }) => severity === "error");
  if (broken === undefined) return;
  const { choreography, message, code, at } = broken;
  throw malformed(
    `${choreography} cannot run with the others: ${message} (${code} at ${at}). ${wellFormedRules[code].fix}`,
  );
}

function malformed(message: string): QuadrilleError {
  return new QuadrilleError("Q_CONTRACT_MALFORMED", message);
}

/** Names that an earlier choreography of the system has given already. */
function namedTwice(choreography: Choreography, before: readonly Choreography[]): readonly Complaint[] {
  const commands = commandsOf(choreography);
  return before.flatMap((other): readonly Complaint[] => [
    ...(other.name === choreography.name
      ? [{ code: "W20" as const, message: `two choreographies are called ${other.name}`, at: "/name" }]
      : []),
    ...other.participants
      .filter(({ name }) => choreography.participants.some((one) => one.name === name))
      .map(({ name }): Complaint => {
        const message = `${other.name} has a participant ${name} as well`;
        return { code: "W20", message, at: pointer("/participants", name) };
      }),
    ...[...commandsOf(other).intersection(commands)].map((name): Complaint => {
      const message = `a participant of ${other.name} takes the command ${name} as well`;
      return { code: "W10", message, at: pointer("/commands", name) };
    }),
  ]);
}

function commandsOf({ participants }: Choreography): ReadonlySet<string> {
  const triggers = participants.flatMap(usesOf).map(({ trigger }) => trigger);
  return new Set(triggers.flatMap(({ kind, name }) => (kind === "command" ? [name] : [])));
}

function takenWrongly(here: Choreography, all: readonly Choreography[]): readonly Complaint[] {
  return here.takes.flatMap(({ event, from }): readonly Complaint[] => {
    const there = all.find(({ name }) => name === from);
    const at = pointer("/takes", event.name);
    if (there === undefined) {
      if (all.length === 1) return [];
      const message = `${event.name} is taken from "${from}", which is not among the choreographies that are checked together`;
      const other = all.find(({ publicEvents }) => publicEvents.includes(event.name));
      const hint = other === undefined ? "" : `; ${other.name} publishes an event of that name`;
      return [{ code: "W33", message: `${message}${hint}`, at }];
    }
    if (!there.publicEvents.includes(event.name)) {
      const message = `${event.name} is taken from "${from}", where it is not public`;
      return [{ code: "W25", message, at }];
    }
    const problem = misfit(event, emittedIn(there, event.name));
    return problem === undefined
      ? []
      : [{ code: "W26", message: `${event.name} from "${from}": ${problem}`, at }];
  });
}

function emittedIn({ participants }: Choreography, name: string): Use["trigger"] | undefined {
  const uses = participants.flatMap(usesOf);
  return uses.find(({ trigger, role }) => role === "emits" && trigger.name === name)?.trigger;
}

/** Why a payload published there may not be accepted here; undefined if it is, or if that is unknown. */
function misfit(taken: EventType, emitted: Use["trigger"] | undefined): string | undefined {
  const written = emitted?.kind === "event" ? emitted.schema : undefined;
  const accepted = taken.schema;
  if (written === undefined || accepted === undefined || accepted === written) return undefined;
  const [there, here] = [versionOf(written), versionOf(accepted)];
  if (here < there) return `version ${there} is published, and version ${here} is taken`;
  return here > there ? undefined : comparedByJson(written, accepted);
}

function comparedByJson(written: Schema<unknown>, accepted: Schema<unknown>): string | undefined {
  const fit = storedFit(written, accepted);
  return fit.fits === "no" ? fit.reason : undefined;
}

/**
 * The cycles of causation through a choreography and later ones: each cycle is reported at its first
 * choreography.
 */
function circles(first: Choreography, others: readonly Choreography[]): readonly Complaint[] {
  const found: Complaint[] = [];
  const walk = (at: Choreography, path: readonly string[], seen: ReadonlySet<string>): void => {
    for (const { event, from } of at.takes) {
      const cause = others.find(({ name }) => name === from);
      if (cause === undefined) continue;
      const longer = [`${from} publishes ${event.name}, which ${at.name} takes`, ...path];
      if (cause !== first && !seen.has(from)) walk(cause, longer, new Set([...seen, from]));
      if (cause !== first || at === first) continue;
      const message = `${first.name} is caused by itself: ${longer.join("; ")}`;
      found.push({ code: "W27", message, at: pointer("/takes", first.takes[0]?.event.name ?? "") });
    }
  };
  walk(first, [], new Set());
  return found;
}
