// A command that is sent to a lane, and whose caller may give up waiting.
import type { Answer } from "../message/api.ts";
import type { Waiting } from "../message/commands.ts";
import type { OwnLane } from "./own-lane.ts";

/** Queues a command; the caller may give up waiting. */
export function sendCommand(
  signal: AbortSignal | undefined,
  lane: OwnLane | undefined,
  command: Omit<Waiting, "resolve" | "reject">,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const waiting = { ...command, resolve, reject };
  lane?.send(waiting);
  if (signal === undefined) return promise;
  const giveUp = (): void => {
    lane?.forget(waiting);
    reject(signal.reason);
  };
  signal.addEventListener("abort", giveUp);
  return promise.finally(() => signal.removeEventListener("abort", giveUp));
}
