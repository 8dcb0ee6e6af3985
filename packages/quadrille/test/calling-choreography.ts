// The smallest choreography with a call to the outside world, whose policy is a test's own.
import { z } from "zod";
import type { CallOptions } from "../src/contract/call-policy.ts";
import { choreography } from "../src/contract/choreography.ts";
import { type ActivityInput, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { lock, on } from "../src/contract/reaction.ts";
import { activity, command, type CommandType } from "../src/contract/trigger.ts";
import type { Limits } from "../src/engine/limits.ts";
import { World } from "./engine-world.ts";

/** Its command. */
export const begin: CommandType<"begin", undefined> = command("begin");

/** What is called, what the contract and the process say about the attempts. */
export interface Calling {
  readonly run: (input: ActivityInput<unknown>) => Promise<{ readonly answer: string }>;
  readonly policy?: CallOptions;
  readonly limits?: Partial<Limits>;
}

/** A world in which `caller` goes from NEW by way of CALLING to DONE. */
export function callingWorld({ run, policy = {}, limits = {} }: Calling): World {
  const ask = activity("ask", z.object({ answer: z.string() }), policy);
  const caller = participant("caller", {
    entity: "Caller",
    initial: "NEW",
    states: {
      NEW: [on(begin, to("CALLING"))],
      CALLING: lock([on(ask, to("DONE"))]),
      DONE: [],
    },
  });
  return new World({
    choreography: choreography("Calling", {
      participants: [caller],
      ends: { done: { caller: "DONE" }, nothing: { caller: "NEW" } },
    }),
    services: [service(caller, { activities: { ask: run } })],
    limits: { pollMs: 3_600_000, endPollMs: 3_600_000, ...limits },
  });
}
