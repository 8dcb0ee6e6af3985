// The rules about events taken from elsewhere that one choreography can break by itself.
import type { Choreography } from "../choreography.ts";
import { pointer } from "../pointer.ts";
import type { Use } from "./uses.ts";
import type { Complaint } from "./well-formed-rules.ts";

/** What is wrong with what is taken from elsewhere. */
export function elsewhereFindings({ name, takes }: Choreography, uses: readonly Use[]): readonly Complaint[] {
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
