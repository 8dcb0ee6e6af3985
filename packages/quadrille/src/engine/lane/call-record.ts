// The result that a parked call keeps. A call that returned is never made again because of a later failure:
// its handler runs again, on the recorded result.
import type { Incoming } from "../message/incoming.ts";
import type { PayloadChecker } from "../message/payload.ts";
import type { Kept } from "./parking.ts";

/** A result that fits its schema, as parsed; one that does not, as it came; or why the call was given up. */
export interface CallRecord {
  readonly cameBack: "result" | "raw" | "gave up";
  readonly value?: unknown;
}

/**
 * The record of what a call came back with. Undefined if the result cannot be written: then the call has to
 * be made once more.
 */
export function recordOf(
  payloads: Pick<PayloadChecker, "accept">,
  { trigger, data, isRecorded, isGivenUp }: Pick<Incoming, "trigger" | "data" | "isRecorded" | "isGivenUp">,
): CallRecord | undefined {
  if (isGivenUp === true) return { cameBack: "gave up", value: data };
  if (isRecorded === true) return { cameBack: "result", value: data };
  try {
    return { cameBack: "raw", value: payloads.accept(undefined, { what: trigger, data }) };
  } catch {
    return undefined;
  }
}

/** The record of a parked call, whose payload is in memory; `undefined` where it has to be made once more. */
export function callRecordOf({ kind, payload }: Pick<Kept, "kind" | "payload">): CallRecord | undefined {
  return kind === "activity" && isCallRecord(payload?.data) ? payload.data : undefined;
}

function isCallRecord(data: unknown): data is CallRecord {
  return typeof data === "object" && data !== null && "cameBack" in data;
}
