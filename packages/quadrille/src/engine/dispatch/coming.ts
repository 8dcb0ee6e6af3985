// What a batch is about to decide, in its order: from it the sets are made that `transactAll` handlers
// answer.
import type { Returned } from "../call/activities.ts";
import type { Parking } from "../lane/parking.ts";
import type { Waiting } from "../message/commands.ts";
import type { Dispatch } from "./dispatch.ts";
import { messageOf } from "../lane/deadlines-and-calls.ts";
import type { Gathered } from "./gather.ts";
import type { Coming } from "./message-sets.ts";

interface ComingParts {
  readonly participant: string;
  readonly dispatch: Dispatch;
  readonly parking: Parking;
}

/** Those that were gathered, except what was parked before: that is tried alone. */
export function comingOf(gathered: Gathered, parts: ComingParts): readonly Coming[] {
  const { participant, dispatch, parking } = parts;
  return [
    ...gathered.commands.map((command) => comingCommand(command, parts)),
    ...gathered.returned.map((returned) => comingResult(returned, parts)),
    ...gathered.due.map((entity): Coming => {
      const call = { kind: "deadline", trigger: entity.deadline?.name ?? "", data: undefined } as const;
      const message = messageOf(participant, entity, call);
      return { message, isOpen: () => dispatch.awaits(message) };
    }),
    ...gathered.events.map((message): Coming => ({ message, isOpen: () => !parking.blocks(message.key) })),
  ];
}

function comingCommand(
  { message, idempotencyKey, first }: Waiting,
  { dispatch, parking }: ComingParts,
): Coming {
  const isOpen = (): boolean =>
    first === undefined && !dispatch.hasAnswered(idempotencyKey) && !parking.blocks(message.key);
  return { message, idempotencyKey, isOpen };
}

function comingResult(
  { entity, activity, result }: Returned,
  { participant, dispatch }: ComingParts,
): Coming {
  const data = result.ok ? result.value : undefined;
  const message = messageOf(participant, entity, { kind: "activity", trigger: activity, data });
  return { message, isOpen: () => result.ok && dispatch.awaits(message) };
}
