// What a supplier's past says about an order's arrival: a Dirichlet over "after 0, 1, 2 ... days" and
// "never".

/**
 * Days from order to arrival, 0 to the last index but one; the last entry is the chance that the order never
 * comes.
 */
export type LeadTime = Float64Array;

/** What is known about a supplier's orders. */
export interface LeadTimeEvidence {
  readonly promisedDays: number;
  /** Days that past orders took, oldest first; `Infinity` for one that was written off. */
  readonly taken: readonly number[];
  /** Whole days since each open order was placed; it has not arrived before today. */
  readonly openAges: readonly number[];
}

/** Prior counts, on the promised value, on its neighbours, on *lost* and on every other value. */
export interface LeadTimePrior {
  readonly promised: number;
  readonly neighbour: number;
  readonly lost: number;
  readonly other: number;
}

/**
 * Tuned on InventoryBench's synthetic family; the measured alternatives are in `docs/planner/measured.md`.
 */
const defaultPrior: LeadTimePrior = { promised: 4, neighbour: 0.05, lost: 0.1, other: 0.02 };

/** Sweeps in which open orders are shared out over the days on which they may still come, and over *lost*. */
const sweeps = 3;
/** A day later than this after the promise counts as *lost*. */
const daysLeast = 6;

/**
 * Two memories: one in which every past order counts alike, and one that forgets, for suppliers that have
 * changed. How much each is believed depends on how well it foresaw the latest orders. Forgetting alone lost
 * 0.0056 on InventoryBench's stochastic batch.
 */
const memories = [
  { keeps: 1, believed: 0.9 },
  { keeps: 0.9, believed: 0.1 },
] as const;
/** The latest orders by which the memories are judged. */
const judgedBy = 20;

/** The posterior mean of the lead time, given the evidence. Expectation maximisation for the open orders. */
export function leadTime(evidence: LeadTimeEvidence, prior: LeadTimePrior = defaultPrior): LeadTime {
  const last = Math.max(daysLeast, Math.ceil(evidence.promisedDays * 1.5));
  const start = priorCounts(evidence.promisedDays, last + 1, prior);
  const learned = memories.map(({ keeps, believed }) => {
    const { counts, logLikelihood } = learn(start, evidence.taken, keeps);
    return { lead: withOpenOrders(counts, evidence.openAges), score: Math.log(believed) + logLikelihood };
  });
  const best = Math.max(...learned.map(({ score }) => score));
  const mixed = new Float64Array(start.length);
  for (const { lead, score } of learned) {
    const weight = Math.exp(score - best);
    for (let days = 0; days < mixed.length; days += 1)
      mixed[days] = (mixed[days] ?? 0) + weight * (lead[days] ?? 0);
  }
  return normalised(mixed);
}

function priorCounts(promisedDays: number, lost: number, prior: LeadTimePrior): Float64Array {
  const counts = new Float64Array(lost + 1).fill(prior.other);
  for (const near of [-1, 1]) addAt(counts, promisedDays + near, prior.neighbour - prior.other);
  addAt(counts, promisedDays, prior.promised - prior.other);
  addAt(counts, lost, prior.lost - prior.other);
  return counts;
}

/**
 * The counts after all past orders, and the log likelihood of the latest ones, each foreseen from those
 * before it.
 */
function learn(
  start: Float64Array,
  taken: readonly number[],
  keeps: number,
): { readonly counts: Float64Array; readonly logLikelihood: number } {
  const lost = start.length - 1;
  const seen = new Float64Array(start.length);
  const startMass = start.reduce((a, b) => a + b, 0);
  let mass = 0;
  let logLikelihood = 0;
  taken.forEach((days, index) => {
    const at = Math.min(days, lost);
    if (index >= taken.length - judgedBy)
      logLikelihood += Math.log(((start[at] ?? 0) + (seen[at] ?? 0)) / (startMass + mass));
    if (keeps < 1) for (let each = 0; each < seen.length; each += 1) seen[each] = (seen[each] ?? 0) * keeps;
    seen[at] = (seen[at] ?? 0) + 1;
    mass = mass * keeps + 1;
  });
  return { counts: seen.map((count, at) => count + (start[at] ?? 0)), logLikelihood };
}

function withOpenOrders(counts: Float64Array, openAges: readonly number[]): LeadTime {
  let estimate = normalised(counts);
  if (openAges.length === 0) return estimate;
  for (let sweep = 0; sweep < sweeps; sweep += 1)
    estimate = normalised(sharedOut(counts, estimate, openAges));
  return estimate;
}

/** The chance that an order still comes, given that it is `age` days old and has not come before today. */
export function stillComes(lead: LeadTime, age: number): number {
  const lost = lead.length - 1;
  let comes = 0;
  for (let days = Math.min(age, lost); days < lost; days += 1) comes += lead[days] ?? 0;
  const all = comes + (lead[lost] ?? 0);
  return all > 0 ? comes / all : 0;
}

function sharedOut(counts: Float64Array, estimate: LeadTime, ages: readonly number[]): Float64Array {
  const next = counts.slice();
  const lost = counts.length - 1;
  for (const age of ages) {
    const from = Math.min(age, lost);
    let mass = 0;
    for (let days = from; days <= lost; days += 1) mass += estimate[days] ?? 0;
    for (let days = from; days <= lost; days += 1)
      next[days] = (next[days] ?? 0) + (estimate[days] ?? 0) / mass;
  }
  return next;
}

function addAt(counts: Float64Array, index: number, amount: number): void {
  if (index >= 0 && index < counts.length) counts[index] = (counts[index] ?? 0) + amount;
}

function normalised(counts: Float64Array): LeadTime {
  let sum = 0;
  for (const count of counts) sum += count;
  return counts.map((count) => count / sum);
}
