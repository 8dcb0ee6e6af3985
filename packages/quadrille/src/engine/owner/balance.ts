// How lanes are spread over the processes: which ones this process takes, and which one it gives away.
import type { LaneOf, Standing } from "../../store/owners.ts";

/** What a process does next. */
export interface Wishes {
  /** Free lanes that are its share. */
  readonly take: readonly LaneOf[];
  /** Lanes that another process is to have, one for each participant at most. */
  readonly free: readonly LaneOf[];
}

/**
 * The next moves of this process. Every process decides by the same rules: a free lane goes to the process
 * with the fewest; if none is free, the one with the most gives one away while another has at least two
 * fewer. So no lane moves without need, and lanes move one at a time. Lanes of one number are kept together
 * where that can be: their participants work in one round.
 */
export function balance({ self, present, owners }: Standing, lanes: ReadonlyMap<string, number>): Wishes {
  const take: LaneOf[] = [];
  const free: LaneOf[] = [];
  const chosen = new Set<number>();
  // In the same order everywhere, so that two processes that take lanes at once divide them by their first
  // participant.
  for (const participant of [...lanes.keys()].toSorted()) {
    const there = [...(present.get(participant) ?? [])].toSorted();
    if (!there.includes(self)) continue;
    const owned = owners.get(participant) ?? new Map<number, string>();
    const all = Array.from({ length: lanes.get(participant) ?? 0 }, (_, lane) => lane);
    const mine = all.filter((lane) => owned.get(lane) === self);
    for (const lane of mine) chosen.add(lane);
    const unowned = all.filter((lane) => !owned.has(lane));
    const counts = countsOf(there, owned);
    const first = Math.ceil(all.length / there.length) * there.indexOf(self);
    const share = shareOf(self, counts, unowned.length);
    for (const lane of inOrder(unowned, { chosen, first }).slice(0, share)) {
      chosen.add(lane);
      take.push({ participant, lane });
    }
    const last = mine.at(-1);
    if (unowned.length === 0 && last !== undefined && gives(self, counts))
      free.push({ participant, lane: last });
  }
  return { take, free };
}

/**
 * Those first of which it has the other participants' lanes; of the rest, each process begins somewhere else.
 */
function inOrder(
  lanes: readonly number[],
  { chosen, first }: { readonly chosen: ReadonlySet<number>; readonly first: number },
): readonly number[] {
  const others = lanes.filter((lane) => !chosen.has(lane));
  return [
    ...lanes.filter((lane) => chosen.has(lane)),
    ...others.filter((lane) => lane >= first),
    ...others.filter((lane) => lane < first),
  ];
}

function countsOf(there: readonly string[], owned: ReadonlyMap<number, string>): ReadonlyMap<string, number> {
  const counts = new Map(there.map((name) => [name, 0]));
  for (const owner of owned.values()) {
    const count = counts.get(owner);
    if (count !== undefined) counts.set(owner, count + 1);
  }
  return counts;
}

/** How many of the free lanes go to one process, if each goes to the process with the fewest. */
function shareOf(self: string, counts: ReadonlyMap<string, number>, unowned: number): number {
  const later = new Map(counts);
  for (let left = unowned; left > 0; left -= 1) {
    const least = Math.min(...later.values());
    const [next = self] = [...later].find(([, count]) => count === least) ?? [];
    later.set(next, least + 1);
  }
  return (later.get(self) ?? 0) - (counts.get(self) ?? 0);
}

function gives(self: string, counts: ReadonlyMap<string, number>): boolean {
  const most = Math.max(...counts.values());
  const [first] = [...counts].find(([, count]) => count === most) ?? [];
  return first === self && most - Math.min(...counts.values()) >= 2;
}
