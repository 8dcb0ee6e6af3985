// The operator's log is code of the program around the engine, and may fail. Messages do not wait for it.
import type { Ambient } from "../ambient/ambient.ts";
import { isPromised } from "../contract/promised.ts";

/** The same ambient, whose log never throws and leaves no rejection unhandled. */
export function withSafeLog(given: Ambient): Ambient {
  const log: Ambient["log"] = (line) => {
    try {
      isPromised(given.log(line));
    } catch {
      // There is no other place to say so.
    }
  };
  return { ...given, log };
}
