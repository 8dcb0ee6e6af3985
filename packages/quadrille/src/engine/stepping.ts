// Moves stepped time from deadline to deadline, each time when nothing is pending here or in another process.
import type { Clock } from "../ambient/ambient.ts";
import { type Part, sourcesOf, type System } from "../contract/system.ts";
import { QuadrilleError } from "../errors.ts";
import type { Database, Marks } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import type { KeptTime } from "./kept-time.ts";
import { earliestDeadline } from "./lane/deadlines-and-calls.ts";

/** What moving needs. */
export interface SteppingOptions {
  readonly kept: KeptTime | undefined;
  readonly clock: Clock;
  readonly system: System;
  readonly stores: ReadonlyMap<string, Store>;
  readonly lanes: number;
  /** Whether this process has the lane of a participant. */
  readonly owns: (participant: string, lane: number) => boolean;
  readonly database: Pick<Database, "look">;
  /** Resolves when nothing is pending in this process. */
  readonly idle: (signal: AbortSignal) => Promise<void>;
  /** Whether a message here will be tried again soon. */
  readonly isRetrying: () => boolean;
  /** The earliest deadline of the lanes that are here, as far as it is known. */
  readonly deadlineAt: () => number;
  /** Wakes the workers that wait for a deadline, here and in other processes. */
  readonly onMoved: () => void;
}

/** How long to wait before another process, or a retry, is looked at again. */
const lookMs = 5;

/** Moves time on to `at`. Rejects with `Q_TIME_NOT_STEPPED`, and with the signal's reason. */
export async function moveTo(options: SteppingOptions, at: number, signal: AbortSignal): Promise<void> {
  const { kept } = options;
  if (kept === undefined || !(await kept.own()) || kept.kind !== "stepped") throw notStepped(kept);
  for (;;) {
    await settle(options, signal);
    const next = Math.max(kept.now(), Math.min(at, await nextDeadline(options)));
    const isLast = kept.now() >= at && next >= at;
    if (isLast && !(await isDue(options, kept))) return;
    // A deadline is due and was not taken: its participant is in trouble.
    if (next <= kept.now()) await options.clock.sleep(lookMs, signal);
    await kept.set(next);
    options.onMoved();
  }
}

/** Why business time cannot be moved here. */
export function notStepped(
  kept: Pick<KeptTime, "kind"> | undefined,
  what = "Business time cannot be moved here",
): QuadrilleError {
  const keptHow = kept?.kind === "lapse" ? "time runs by itself (timeLapse)." : "another process moves it.";
  const machines = "this engine keeps the machine's time. Start it with businessTime: steppedTime({ from }).";
  const why = kept === undefined ? machines : keptHow;
  return new QuadrilleError("Q_TIME_NOT_STEPPED", `${what}: ${why}`);
}

/** Whether a deadline that has come is still to be taken. */
async function isDue(options: SteppingOptions, kept: KeptTime): Promise<boolean> {
  return (await nextDeadline(options)) <= kept.now();
}

/** Waits until nothing is pending anywhere. */
async function settle(options: SteppingOptions, signal: AbortSignal): Promise<void> {
  for (;;) {
    await options.idle(signal);
    signal.throwIfAborted();
    if (!options.isRetrying() && !(await isPendingElsewhere(options))) return;
    await options.clock.sleep(lookMs, signal);
  }
}

async function nextDeadline(options: SteppingOptions): Promise<number> {
  const elsewhere = await Promise.all(
    remoteLanes(options).map(({ store, lane }) => earliestDeadline(store, lane)),
  );
  return Math.min(options.deadlineAt(), ...elsewhere);
}

interface RemoteLane {
  readonly part: Part;
  readonly store: Store;
  readonly lane: number;
}

/** The lanes that this process does not own. */
function remoteLanes({ system, stores, lanes, owns }: SteppingOptions): readonly RemoteLane[] {
  return system.parts.flatMap((part) => {
    const { name } = part.table;
    const store = stores.get(name);
    if (store === undefined) return [];
    const others = Array.from({ length: lanes }, (_, lane) => lane).filter((lane) => !owns(name, lane));
    return others.map((lane) => ({ part, store, lane }));
  });
}

async function isPendingElsewhere(options: SteppingOptions): Promise<boolean> {
  const remote = remoteLanes(options);
  if (remote.length === 0) return false;
  const marks = await options.database.look();
  const now = options.kept?.now() ?? 0;
  const pending = await Promise.all(remote.map((one) => isPending(one, { options, marks, now })));
  return pending.includes(true);
}

interface Looking {
  readonly options: SteppingOptions;
  readonly marks: Marks;
  readonly now: number;
}

/** A message that is not taken, a call under way, a deadline that has come, or a retry. */
async function isPending({ part, store, lane }: RemoteLane, looking: Looking): Promise<boolean> {
  const { now } = looking;
  if ((await earliestDeadline(store, lane)) <= now) return true;
  if ((await store.unfinished(lane, "", 1)).length > 0) return true;
  if ((await store.nextParkedDue(lane, Number.NEGATIVE_INFINITY)) !== undefined) return true;
  return hasUntaken({ part, store, lane }, looking);
}

async function hasUntaken({ part, store, lane }: RemoteLane, { options, marks }: Looking): Promise<boolean> {
  const { inbox } = await store.recover(lane);
  for (const { table, published } of sourcesOf(options.system, part)) {
    const taken = inbox.get(table.name) ?? 0;
    const head = marks.get(table.name)?.get(lane)?.head ?? 0;
    if (taken >= head) continue;
    // An inbox lags behind where rows have nothing for its participant.
    const rows = (await options.stores.get(table.name)?.read(lane, taken, head - taken)) ?? [];
    const isTaken = (event: string): boolean => published.has(event) && part.table.subscriptions.has(event);
    if (rows.some(({ emitted }) => emitted.some(({ event }) => isTaken(event)))) return true;
  }
  return false;
}
