// A message that was parked, as it is offered again.
import { callRecordOf } from "./call-record.ts";
import type { Incoming } from "../message/incoming.ts";
import type { Kept } from "./parking.ts";

/** A parked message, offered again; its payload is in memory, or it has none. */
export function incomingOf(parked: Kept): Incoming {
  const { id, kind, trigger, sagaId, key, cause, trace, payload, dataVersion } = parked;
  const version = dataVersion === undefined ? {} : { dataVersion };
  const message = { id, kind, trigger, sagaId, key, cause, trace, isChecked: false, ...version };
  const record = callRecordOf(parked);
  if (record === undefined) return { ...message, data: payload?.data };
  const { cameBack, value } = record;
  return { ...message, data: value, isRecorded: cameBack !== "raw", isGivenUp: cameBack === "gave up" };
}
