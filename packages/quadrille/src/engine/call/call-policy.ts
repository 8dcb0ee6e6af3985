// How the calls of an activity are attempted in this process: its contract's policy, completed by the
// engine's limits.
import type { CallPolicy } from "../../contract/call-policy.ts";
import type { Limits } from "../message/limits.ts";
import type { Backoff } from "../lane/parking.ts";

/** A complete policy. Times in milliseconds. */
export interface CallRules extends Backoff {
  readonly timeLimitMs: number;
  readonly attemptsMax: number;
  readonly giveUpMs: number;
}

/** The rules of an activity. */
export function callRules(policy: CallPolicy | undefined, limits: Limits): CallRules {
  return {
    timeLimitMs: policy?.timeLimitMs ?? limits.activityMsMax,
    attemptsMax: policy?.attempts ?? limits.callAttemptsMax,
    giveUpMs: policy?.giveUpAfterMs ?? limits.callGiveUpMs,
    backoffMs: policy?.backoffMs ?? limits.backoffMs,
    backoffMsMax: policy?.backoffMaxMs ?? Math.max(limits.backoffMsMax, policy?.backoffMs ?? 0),
  };
}
