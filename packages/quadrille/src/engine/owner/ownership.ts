// Keeps this process's share of the lanes: finds the other processes, takes free lanes, gives lanes away, and
// pauses when the session that owns them is lost.
import type { Clock } from "../../ambient/ambient.ts";
import type { LaneOf, Owner, Owners, Standing } from "../../store/owners.ts";
import type { FreshSagas } from "../lane/entity-cache.ts";
import type { Limits } from "../message/limits.ts";
import { type Bell, bell } from "../round/bell.ts";
import { balance } from "./balance.ts";
import type { OwnLane } from "./own-lane.ts";

/** What ownership is kept for. */
export interface OwnershipOptions {
  readonly owners: Owners;
  readonly lanes: readonly OwnLane[];
  readonly fresh: FreshSagas;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "pollMs" | "renewMs">;
  /** Logs that no lane can be owned. */
  readonly warn: (message: string) => void;
  /** Called now and then, where other processes may have left requests. */
  readonly onSweep: () => void;
}

/** How often answered requests of ended callers are deleted. */
const sweepMs = 60_000;

/** Without a session for this long, a warning is logged. */
const warnMs = 10_000;

/** The lanes that this process owns. */
export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #owner: Owner;
  readonly #bell: Bell;
  readonly #stop = new AbortController();
  readonly #numbers = new Map<string, number>();
  /** Since when each free lane has been seen free. */
  #freeSince = new Map<OwnLane, number>();
  #hasOthers = false;
  #isLeaving = false;
  #sweptAt = 0;
  #connectedAt: number;
  #isWarned = false;
  #onFirst: (() => void) | undefined;

  constructor(options: OwnershipOptions) {
    const { owners, lanes, clock } = options;
    this.#options = options;
    this.#bell = bell(clock);
    for (const { table } of lanes) this.#numbers.set(table.name, (this.#numbers.get(table.name) ?? 0) + 1);
    this.#sweptAt = clock.steady();
    this.#connectedAt = clock.steady();
    this.#owner = owners.join({
      lanes: this.#numbers,
      onChange: () => this.#bell.ring(),
      onLost: () => {
        for (const lane of lanes) lane.pause();
        this.#bell.ring();
      },
    });
  }

  /** Whether other processes run participants of this one. */
  get hasOthers(): boolean {
    return this.#hasOthers;
  }

  /** Resolves after the first look at which lanes are free, once they have been taken. */
  first(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onFirst = resolve;
    return promise;
  }

  /** Until `stop` aborts. It never rejects. */
  async run(stop: AbortSignal): Promise<void> {
    const { limits } = this.#options;
    stop.addEventListener("abort", () => this.#stop.abort());
    while (!stop.aborted) {
      const isConnected = this.#isLeaving || (await this.#look());
      this.#noteConnected(isConnected);
      const pauseMs =
        isConnected && !this.#hasOthers ? Math.max(limits.pollMs, limits.renewMs) : limits.pollMs;
      await this.#bell.wait(pauseMs, stop);
    }
  }

  /** Gives all lanes to the other processes without interrupting a call. */
  async leaveAll(): Promise<void> {
    this.#isLeaving = true;
    const owned = this.#options.lanes.filter(({ state }) => state === "owned");
    await Promise.all(
      Array.from(Map.groupBy(owned, ({ lane }) => lane).values(), (lanes) => this.#leave(lanes)),
    );
  }

  /** Frees what is still owned. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#owner.leave();
  }

  /** A later contract has the participant's tables. */
  retire(participant: string): void {
    for (const lane of this.#options.lanes) if (lane.table.name === participant) lane.retire();
    void this.#owner.retire(participant);
  }

  #noteConnected(isConnected: boolean): void {
    const now = this.#options.clock.steady();
    if (isConnected) {
      this.#connectedAt = now;
      this.#isWarned = false;
    }
    if (isConnected || this.#isWarned || now - this.#connectedAt < warnMs) return;
    this.#isWarned = true;
    this.#options.warn(
      "The connection that owns this process's lanes cannot be opened. It works on none until it is.",
    );
  }

  async #look(): Promise<boolean> {
    const standing = await this.#owner.look();
    if (standing === undefined) return false;
    this.#hasOthers = standing.present.values().some((there) => there.size > 1);
    this.#giveUpLost(standing);
    const wishes = balance(standing, this.#numbers);
    const got = await this.#owner.take([...wishes.take, ...this.#left(standing, wishes.take)]);
    // Knowledge of a saga that began here may be older than another process's ownership of its lane.
    if (got.length > 0) this.#options.fresh.clear();
    await Promise.all(this.#meant(got).map((lane) => lane.begin()));
    this.#onFirst?.();
    this.#onFirst = undefined;
    const isMoving = this.#options.lanes.some(({ state }) => state === "leaving");
    if (!isMoving && wishes.free.length > 0) void this.#leave(this.#meant(wishes.free));
    this.#sweep();
    return true;
  }

  /** Lanes that this process had, and that another one has taken. */
  #giveUpLost({ self, owners }: Standing): void {
    for (const lane of this.#options.lanes) {
      const owner = owners.get(lane.table.name)?.get(lane.lane);
      if (lane.state === "paused" && owner !== undefined && owner !== self) void lane.lose(this.#stop.signal);
    }
  }

  /** Lanes that another process should have taken and has not; it may be stopped. */
  #left({ owners }: Standing, taken: readonly LaneOf[]): readonly LaneOf[] {
    const { clock, lanes, limits } = this.#options;
    const now = clock.steady();
    const isTaken = new Set(taken.map(nameOf));
    const free = lanes.filter(
      ({ table, lane }) =>
        owners.get(table.name)?.has(lane) === false &&
        !isTaken.has(nameOf({ participant: table.name, lane })),
    );
    this.#freeSince = new Map(free.map((lane) => [lane, this.#freeSince.get(lane) ?? now]));
    return [...this.#freeSince]
      .filter(([, since]) => now - since >= limits.pollMs)
      .map(([{ table, lane }]) => ({ participant: table.name, lane }));
  }

  async #leave(lanes: readonly OwnLane[]): Promise<void> {
    await Promise.all(lanes.map((lane) => lane.leave(this.#stop.signal)));
    if (this.#stop.signal.aborted) return;
    await this.#owner.free(lanes.map(({ table, lane }) => ({ participant: table.name, lane })));
    this.#bell.ring();
  }

  #meant(names: readonly LaneOf[]): readonly OwnLane[] {
    const meant = new Set(names.map(nameOf));
    return this.#options.lanes.filter(({ table, lane }) =>
      meant.has(nameOf({ participant: table.name, lane })),
    );
  }

  #sweep(): void {
    const now = this.#options.clock.steady();
    if (!this.#hasOthers || now - this.#sweptAt < sweepMs) return;
    this.#sweptAt = now;
    this.#options.onSweep();
  }
}

function nameOf({ participant, lane }: LaneOf): string {
  return `${participant}/${lane}`;
}
