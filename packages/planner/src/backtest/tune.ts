// (s, S) levels tuned with hindsight: the best multiples of each item's mean, by supplier, on a stretch of
// the demand itself.
import { fixedLevelsPlanner, type Levels } from "./rivals.ts";
import { type Run, simulate } from "./simulate.ts";
import { dayTotal } from "./summary.ts";
import type { World, WorldItem } from "./world.ts";

const reorderDays = [1, 1.5, 2, 2.5, 3, 4, 5, 6] as const;
const coverDays = [1, 2, 3, 4, 5, 7, 10, 14] as const;

/** The levels that would have cost least in the run, tried for each supplier in the world itself. */
export function tunedLevels(world: World, run: Run): ReadonlyMap<string, Levels> {
  const bySupplier = Map.groupBy(world.items, ({ offers }) => offers[0]?.supplier ?? "");
  const found = new Map<string, Levels>();
  for (const items of bySupplier.values()) {
    let best = new Map<string, Levels>();
    let least = Infinity;
    for (const levels of candidates(items, run)) {
      const { days } = simulate({ ...world, items }, fixedLevelsPlanner(levels), run);
      const cost = days.reduce((sum, day) => sum + dayTotal(day), 0);
      if (cost >= least) continue;
      least = cost;
      best = levels;
    }
    for (const [id, levels] of best) found.set(id, levels);
  }
  return found;
}

function candidates(items: readonly WorldItem[], run: Run): readonly Map<string, Levels>[] {
  const shortest = Math.min(...items.map(({ shelfLifeDays = Infinity }) => shelfLifeDays));
  return reorderDays.flatMap((reorder) =>
    coverDays
      .filter((cover) => reorder + cover <= shortest + 2)
      .map((cover) => new Map(items.map((item) => [item.id, levelsOf(item, run, { reorder, cover })]))),
  );
}

function levelsOf(
  { demand }: WorldItem,
  { warmUpDays, days }: Run,
  { reorder, cover }: { readonly reorder: number; readonly cover: number },
): Levels {
  const seen = demand.slice(0, warmUpDays + (days ?? demand.length));
  const daily = seen.reduce((a, b) => a + b, 0) / seen.length;
  return { s: daily * reorder, S: daily * (reorder + cover) };
}
