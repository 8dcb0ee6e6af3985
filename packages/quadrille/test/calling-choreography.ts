// The smallest choreographies with a call to the outside world, whose policy is a test's own.
import { z } from "zod";
import type { CallOptions } from "../src/contract/call-policy.ts";
import { choreography } from "../src/contract/choreography.ts";
import { type ActivityInput, service } from "../src/contract/handler.ts";
import { to } from "../src/contract/outcome.ts";
import { participant } from "../src/contract/participant.ts";
import { after, gaveUp, lock, on } from "../src/contract/reaction.ts";
import { activity, command, type CommandType, event, type GivenUp } from "../src/contract/trigger.ts";
import type { Limits } from "../src/engine/message/limits.ts";
import { World } from "./engine-world.ts";

/** Their command. */
export const begin: CommandType<"begin", undefined> = command("begin");

const Answer: z.ZodObject<{ answer: z.ZodString }> = z.object({ answer: z.string() });
const GivenUpOn = event("GivenUpOn", z.object({ why: z.string(), attempts: z.int() }));

/** What is called, what the contract and the process say about the attempts. */
export interface Calling {
  readonly run: (input: ActivityInput<unknown>) => Promise<z.infer<typeof Answer>>;
  readonly policy?: CallOptions;
  readonly limits?: Partial<Limits>;
  readonly seed?: number;
}

const quiet = { pollMs: 3_600_000, renewMs: 3_600_000 };

/** A world in which `caller` goes from NEW by way of CALLING to DONE. */
export function callingWorld({ run, policy = {}, limits = {} }: Calling): World {
  const ask = activity("ask", Answer, policy);
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
      ends: { done: { caller: "DONE" } },
    }),
    services: [service(caller, { activities: { ask: run } })],
    limits: { ...quiet, ...limits },
  });
}

/**
 * One that says what happens where the call is given up: `caller` goes to FAILED. `judge` may throw before.
 */
export function givingUpWorld({
  run,
  policy = {},
  limits = {},
  seed = 1,
  judge = () => undefined,
}: Calling & { readonly judge?: (given: GivenUp) => void }): World {
  const ask = activity("ask", Answer, policy);
  const caller = participant("caller", {
    entity: "Caller",
    initial: "NEW",
    states: {
      NEW: [on(begin, to("CALLING"))],
      CALLING: lock([
        on(ask, to("DONE")),
        gaveUp(ask, to("FAILED").emits(GivenUpOn)),
        after("2d", to("LATE")),
      ]),
      DONE: [],
      FAILED: [],
      LATE: [],
    },
  });
  return new World({
    choreography: choreography("Calling", {
      participants: [caller],
      publicEvents: [GivenUpOn],
      ends: {
        done: { caller: "DONE" },
        failed: { caller: ["FAILED", "LATE"] },
      },
    }),
    services: [
      service(caller, {
        handlers: {
          CALLING: {
            "ask gave up": ({ payload: given, choose }) => {
              judge(given);
              return choose({ GivenUpOn: { why: given.error.message, attempts: given.attempts } });
            },
          },
        },
        activities: { ask: run },
      }),
    ],
    limits: { ...quiet, ...limits },
    seed,
  });
}
