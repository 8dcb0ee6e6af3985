// How long a module may load: one limit for a command, which is one process.

/** Seconds, unless `--load-seconds` says otherwise. */
export const loadSecondsDefault = 10;

let seconds = loadSecondsDefault;

/** Sets the limit of each module. */
export function limitLoading(to: number): void {
  seconds = to;
}

/** The limit in milliseconds. */
export function loadMsMax(): number {
  return seconds * 1_000;
}
