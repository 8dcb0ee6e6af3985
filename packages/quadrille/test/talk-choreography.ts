// A small choreography with payloads: one talks, one listens, and what was heard is kept in order.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { on } from "../src/contract/reaction.ts";
import { command, type CommandType, event } from "../src/contract/trigger.ts";

const word = z.object({ n: z.number() });
const Said = event("Said", word);
const sayCommand = command("say", word);

const speaker = participant("speaker", {
  entity: "Mouth",
  initial: "QUIET",
  states: {
    QUIET: [on(sayCommand, to("TALKING").emits(Said))],
    TALKING: [on(sayCommand, to("TALKING").emits(Said))],
  },
});

const listener = participant("listener", {
  entity: "Ear",
  data: z.object({ heard: z.array(z.number()) }),
  initial: "IDLE",
  states: { IDLE: [on(Said, to("LISTENING"))], LISTENING: [on(Said, to("LISTENING"))] },
});

/** Says a number; any number of times in a saga. */
export const say: CommandType<"say", { readonly n: number }> = sayCommand;

/** The talk. It ends when something was heard. */
export const talk: Choreography = choreography("Talk", {
  participants: [speaker, listener],
  ends: { heard: { speaker: "TALKING", listener: "LISTENING" } },
  commands: { say: "unbounded" },
});

/** The services; `hear` is called with each number before it is kept, and may throw. */
export function talkServices(hear: (n: number, sagaId: string) => void): readonly Service[] {
  const heard = (n: number, sagaId: string, before: readonly number[]): { readonly heard: number[] } => {
    hear(n, sagaId);
    return { heard: [...before, n] };
  };
  return [
    service(speaker, {
      handlers: {
        QUIET: { say: ({ payload, choose }) => choose({ Said: { n: payload.n } }) },
        TALKING: { say: ({ payload, choose }) => choose({ Said: { n: payload.n } }) },
      },
    }),
    service(listener, {
      handlers: {
        IDLE: {
          Said: ({ payload, entity, choose }) => choose({ data: heard(payload.n, entity.sagaId, []) }),
        },
        LISTENING: {
          Said: ({ payload, entity, choose }) =>
            choose({ data: heard(payload.n, entity.sagaId, entity.data.heard) }),
        },
      },
    }),
  ];
}
