// Services for any choreography: one function makes every choice. For tests and the checker's
// scenarios.
import type { Choreography } from "../contract/choreography.ts";
import {
  type Handlers,
  type RunnableActivity,
  type RunnableInput,
  type Service,
} from "../contract/handler.ts";
import { namedOutcomes } from "../contract/outcome.ts";
import { sentencesOf, type Participant } from "../contract/participant.ts";
import type { Reaction } from "../contract/reaction.ts";

/** A choice to be made. */
export interface Dilemma {
  readonly participant: string;
  readonly state: string;
  readonly trigger: string;
  readonly sagaId: string;
  /** The names of the outcomes; a single one without a name is not asked about. */
  readonly outcomes: readonly string[];
}

/** Makes every choice. Throwing is a handler that throws. */
export type ScriptedChoice = (dilemma: Dilemma) => string;

/** Runs an activity by its participant and name; resolves to its result. */
export type ScriptedCall = (call: {
  readonly participant: string;
  readonly activity: string;
  readonly id: string;
}) => Promise<unknown>;

/** The services of a choreography whose events carry no data, such as one made by `fromJson`. */
export function scriptedServices(
  choreography: Choreography,
  script: { readonly choose: ScriptedChoice; readonly call?: ScriptedCall },
): readonly Service[] {
  return choreography.participants.map((participant) => ({
    kind: "service",
    participant,
    handlers: handlersOf(participant, script.choose),
    activities: activitiesOf(participant, script.call ?? (async () => undefined)),
  }));
}

function reactionsOf(participant: Participant): readonly (readonly [string, Reaction])[] {
  return Object.entries(participant.states).flatMap(([state, definition]) =>
    sentencesOf(definition).flatMap((one) => (one.kind === "reaction" ? [[state, one] as const] : [])),
  );
}

function handlersOf(participant: Participant, choose: ScriptedChoice): Handlers {
  const handlers = reactionsOf(participant).map(([state, { trigger, outcomes }]) => {
    const names = [...namedOutcomes(outcomes).keys()];
    const handler = ({ entity }: RunnableInput) => {
      const dilemma = {
        participant: participant.name,
        state,
        trigger: trigger.name,
        sagaId: entity.sagaId,
        outcomes: names,
      };
      return { outcome: names.length === 1 && names[0] === "" ? "" : choose(dilemma), payloads: {} };
    };
    return { state, trigger: trigger.name, handler };
  });
  const byState = Map.groupBy(handlers, ({ state }) => state);
  return new Map(
    Array.from(byState, ([state, some]) => [
      state,
      new Map(some.map(({ trigger, handler }) => [trigger, handler])),
    ]),
  );
}

function activitiesOf(participant: Participant, call: ScriptedCall): ReadonlyMap<string, RunnableActivity> {
  const names = reactionsOf(participant).flatMap(([, { trigger }]) =>
    trigger.kind === "activity" ? [trigger.name] : [],
  );
  return new Map(
    names.map(
      (activity) => [activity, ({ id }) => call({ participant: participant.name, activity, id })] as const,
    ),
  );
}
