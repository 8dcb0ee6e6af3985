// What a parked call keeps of how it came back. A call that came back is never made again because of what happened
// afterwards: its handler is, on what was recorded.
import type { Kept } from "./parking.ts";

/** A result that fitted its schema, as that made it; one that did not, as it came; or why the call was given up. */
export interface CallRecord {
  readonly cameBack: "result" | "raw" | "gave up";
  readonly value?: unknown;
}

/** The record of a parked call, whose payload is in memory; `undefined` where it has to be made once more. */
export function callRecordOf({ kind, payload }: Pick<Kept, "kind" | "payload">): CallRecord | undefined {
  return kind === "activity" && isCallRecord(payload?.data) ? payload.data : undefined;
}

function isCallRecord(data: unknown): data is CallRecord {
  return typeof data === "object" && data !== null && "cameBack" in data;
}
