// Anomalies between sagas at an entity that they share: lost update, dirty read, fuzzy read.
//
// Sagas have no isolation (Garcia-Molina and Salem 1987); Richardson, Microservices Patterns, chapter 4,
// names the anomalies and what helps. An access of saga i reads when it leaves the shared entity's state as
// it is, and writes when it changes it. Then
//   lost update: i reads v, j writes, i writes; or i writes over v, j writes, i writes v again;
//   dirty read:  i writes w over v, j reads w, i writes v again;
//   fuzzy read:  i reads v, j writes, i reads something else.
import { pointer } from "../../contract/pointer.ts";
import type { Exploration } from "../explore/explore.ts";
import { finding, type Finding, listed, type PathStep } from "../model/finding.ts";
import { pathOver, pathStep, stateName } from "../explore/view.ts";
import type { Step } from "../explore/step.ts";
import type { Instance } from "../model/world.ts";

const anomalies = ["lost update", "dirty read", "fuzzy read"] as const;

/** The names of the anomalies. */
export type Anomaly = (typeof anomalies)[number];

/** One access of a saga to a shared entity, before an anomaly and within it: the numbers of their steps. */
interface SeenAccess {
  readonly first: number;
  readonly second: number | undefined;
}

/** A state of the search: the explored state, and the accesses seen on the way. */
interface Node {
  readonly state: number;
  readonly seen: SeenAccess | undefined;
  readonly edge: number;
  readonly before: Node | undefined;
}

/** The search is limited so that it does not take longer than a plain exploration: nodes for each state. */
const nodesPerState = 2;
/** So often the caller is asked whether there is still time. */
const nodesPerLook = 0x1000;

/**
 * One report for every anomaly at every shared entity, with a path that shows it; the author decides whether
 * it matters.
 */
export function checkIsolation(exploration: Exploration): Finding[] {
  const { instances, bound } = exploration.program.world;
  if (bound.sagas < 2) return [];
  return instances.filter(({ saga }) => saga === 0).flatMap((instance) => search(exploration, instance));
}

interface AnomalySearch {
  readonly exploration: Exploration;
  readonly instance: Instance;
  readonly visited: Set<number>;
  readonly queue: Node[];
  readonly found: Map<Anomaly, Finding>;
}

function search(exploration: Exploration, instance: Instance): Finding[] {
  const { space, bound } = exploration;
  const search: AnomalySearch = { exploration, instance, visited: new Set(), queue: [], found: new Map() };
  visit(search, { state: 0, seen: undefined, edge: -1, before: undefined });
  for (const [index, node] of search.queue.entries()) {
    if (search.found.size === anomalies.length) break;
    if (search.queue.length > bound.plain * nodesPerState)
      return [...search.found.values(), notSearched(search)];
    if (index % nodesPerLook === 0 && bound.shouldStop?.(space) === true) break;
    for (let edge = space.edgeStart[node.state] ?? 0; edge < (space.edgeStart[node.state + 1] ?? 0); edge++)
      follow(search, node, edge);
  }
  return [...search.found.values()];
}

/** A search that was cut is not silent about it. */
function notSearched({ instance: { participant }, found }: AnomalySearch): Finding {
  const missing = anomalies.filter((one) => !found.has(one));
  const message = `whether ${participant} has a ${listed(missing, "or")} was not judged to the end: there are too many states`;
  return finding("P10", { message, at: pointer("/participants", participant), path: [] });
}

function follow(search: AnomalySearch, node: Node, edge: number): void {
  const { space, program } = search.exploration;
  const index = space.edgeStep[edge] ?? 0;
  const step = program.steps[index];
  if (step === undefined) return;
  const next: Node = { state: space.edgeTo[edge] ?? 0, seen: node.seen, edge, before: node };
  visit(search, next);
  if (step.instance !== search.instance || step.kind === "stuck" || step.outcome === undefined) return;
  // Any access may be the first of an anomaly, or the second or third of one that has begun.
  if (node.seen === undefined) {
    visit(search, { ...next, seen: { first: index, second: undefined } });
    return;
  }
  const { first, second } = node.seen;
  const isOfFirst = step.saga === program.steps[first]?.saga;
  if (second === undefined && !isOfFirst) visit(search, { ...next, seen: { first, second: index } });
  else if (second !== undefined && isOfFirst) note(search, next, step);
}

function visit(search: AnomalySearch, node: Node): void {
  const { first = -1, second } = node.seen ?? {};
  const places = search.exploration.program.steps.length + 1;
  const key = (node.state * places + first + 1) * places + (second ?? -1) + 1;
  if (search.visited.has(key)) return;
  search.visited.add(key);
  search.queue.push(node);
}

function note(search: AnomalySearch, node: Node, third: Step): void {
  const { steps } = search.exploration.program;
  const first = steps[node.seen?.first ?? -1];
  const second = steps[node.seen?.second ?? -1];
  if (first === undefined || second === undefined) return;
  const anomaly = nameOf(first, second, third);
  if (anomaly === undefined || search.found.has(anomaly)) return;
  const { participant, states } = search.instance;
  const message = `${anomaly} at ${participant}: ${inWords(first, second, third)}`;
  const at = pointer("/participants", participant, "states", states[first.from] ?? "", "on", first.trigger);
  search.found.set(anomaly, finding("P10", { message, at, path: pathOf(search.exploration, node) }));
}

/** What three accesses are, of sagas i, j and i. */
function nameOf(first: Step, second: Step, third: Step): Anomaly | undefined {
  const reads = first.to === first.from;
  const changes = second.to !== second.from;
  const writes = third.to !== third.from;
  if (reads && changes && third.from !== first.from) return writes ? "lost update" : "fuzzy read";
  const takesBack = !reads && writes && third.to === first.from;
  if (!takesBack) return undefined;
  if (changes) return "lost update";
  return second.from === first.to ? "dirty read" : undefined;
}

function inWords(first: Step, second: Step, third: Step): string {
  const name = (local: number): string => stateName(first.instance, local);
  const does = (step: Step): string =>
    step.from === step.to
      ? `reads ${name(step.from)} on ${step.trigger}`
      : `makes it ${name(step.to)} on ${step.trigger}`;
  return `saga ${first.saga} ${does(first)}, saga ${second.saga} ${does(second)}, then saga ${third.saga} ${does(third)}`;
}

function pathOf(exploration: Exploration, last: Node): Finding["path"] {
  const edges: number[] = [];
  for (let node: Node | undefined = last; node !== undefined; node = node.before) {
    if (node.edge >= 0) edges.unshift(node.edge);
  }
  return pathOver(exploration, edges);
}

/** Adds to an error of several sagas the anomaly that its path shows. */
export function nameAnomalies(exploration: Exploration, findings: readonly Finding[]): Finding[] {
  return findings.map((one) => {
    const anomaly = one.severity === "error" ? anomalyOf(exploration, one) : undefined;
    return anomaly === undefined ? one : { ...one, message: `${one.message}: ${anomaly}` };
  });
}

function anomalyOf(exploration: Exploration, { path }: Finding): string | undefined {
  const { steps, world } = exploration.program;
  const shared = new Set(world.instances.filter(({ saga }) => saga === 0).map(({ name }) => name));
  const accesses = path
    .filter(({ entity, kind }) => shared.has(entity) && kind !== "stuck")
    .flatMap((one) => steps.find((step) => isTakenAs(step, one)) ?? []);
  for (const [index, first] of accesses.entries()) {
    for (const [offset, second] of accesses.slice(index + 1).entries()) {
      if (second.saga === first.saga || second.instance !== first.instance) continue;
      const rest = accesses
        .slice(index + offset + 2)
        .filter(({ saga, instance }) => saga === first.saga && instance === first.instance);
      const third = rest.find((step) => nameOf(first, second, step) !== undefined);
      if (third !== undefined)
        return `${nameOf(first, second, third)} at ${first.instance.participant}, where ${inWords(first, second, third)}`;
    }
  }
  return undefined;
}

/** Whether a step of a path is this one; a path names its states with the facts that a join has seen. */
function isTakenAs(step: Step, { from, to, ...one }: PathStep): boolean {
  const { from: base, to: next, ...plain } = pathStep(step);
  return isNamed(base, from) && isNamed(next, to) && JSON.stringify(plain) === JSON.stringify(one);
}

function isNamed(base: string, name: string): boolean {
  return name === base || name.startsWith(`${base}+`);
}
