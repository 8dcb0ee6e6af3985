// The rules about events taken from elsewhere that one choreography can break by itself.
import type { Choreography } from "../choreography.ts";
import { pointer } from "../pointer.ts";
import { isKeyed } from "../table.ts";
import type { Use } from "./uses.ts";
import type { Complaint } from "./well-formed-rules.ts";

/** What is wrong with what is taken from elsewhere. */
export function elsewhereFindings(choreography: Choreography, uses: readonly Use[]): readonly Complaint[] {
  return [...misplaced(choreography, uses), ...uselessBudgets(choreography, uses)];
}

function misplaced({ name, takes }: Choreography, uses: readonly Use[]): readonly Complaint[] {
  return takes.flatMap(({ event, from }, index): readonly Complaint[] => {
    const own = uses.filter(({ trigger }) => trigger.kind === "event" && trigger.name === event.name);
    const emitter = own.find(({ role }) => role === "emits")?.participant;
    const what = `${event.name} is taken from "${from}"`;
    const problems = [
      ...(own.some(({ role }) => role === "takes") ? [] : [`${what}, and no participant here reacts to it`]),
      ...(emitter === undefined ? [] : [`${what}, and ${emitter} emits it here`]),
      ...(from === name ? [`${what}, which is this choreography itself`] : []),
      ...(takes.findIndex((one) => one.event.name === event.name) < index ? [`${what}, and said twice`] : []),
    ];
    return problems.map((message) => ({ code: "W25", message, at: pointer("/takes", event.name) }));
  });
}

/** An event that starts a saga comes to it once. A shared entity takes those of several sagas. */
function uselessBudgets({ takes, participants }: Choreography, uses: readonly Use[]): readonly Complaint[] {
  const shared = new Set(participants.filter(isKeyed).map(({ name }) => name));
  return takes.flatMap(({ event, saga, budget }): readonly Complaint[] => {
    const isShared = uses.some(
      ({ trigger, role, participant }) =>
        trigger.kind === "event" &&
        trigger.name === event.name &&
        role === "takes" &&
        shared.has(participant),
    );
    if (saga !== undefined || budget === 1 || isShared) return [];
    const message = `${event.name} starts a saga, which gets it once, and its budget is ${budget}`;
    return [{ code: "W35", message, at: pointer("/takes", event.name) }];
  });
}
