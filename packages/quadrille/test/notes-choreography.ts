// A small choreography for large payloads: a writer publishes notes, and a reader takes them.
import { z } from "zod";
import { choreography, type Choreography } from "../src/contract/choreography.ts";
import { type Service, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { on } from "../src/contract/reaction.ts";
import { command, type CommandType, event } from "../src/contract/trigger.ts";

interface Text {
  readonly text: string;
}

const Note: z.ZodType<Text, Text> = z.object({ text: z.string() });
const Noted = event("Noted", Note);
/** The writer's command. */
export const note: CommandType<"note", Text> = command("note", Note);
const writer = participant("Writer", {
  entity: "Note",
  initial: "none",
  states: { none: [on(note, to("WRITTEN").emits(Noted))], WRITTEN: [] },
});
const reader = participant("Reader", {
  entity: "Copy",
  initial: "none",
  states: { none: [on(Noted, to("READ"))], READ: [] },
});

/** The choreography. */
export const notes: Choreography = choreography("Notes", { participants: [writer, reader], ends: {} });

/** Its services; `read` is called with each note that is taken, and may throw. */
export function noteServices(read: () => void = () => undefined): readonly [Service, Service] {
  return [
    service(writer, { handlers: { none: { note: ({ payload, choose }) => choose({ Noted: payload }) } } }),
    service(reader, {
      handlers: {
        none: {
          Noted: ({ choose }) => {
            read();
            return choose();
          },
        },
      },
    }),
  ];
}
