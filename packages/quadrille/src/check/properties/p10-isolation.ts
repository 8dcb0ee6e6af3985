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
import { finding, type Finding } from "../model/finding.ts";
import { pathStep, stateName } from "../explore/view.ts";
import type { Step } from "../explore/step.ts";
import type { Instance } from "../model/world.ts";

/** The names of the anomalies. */
export type Anomaly = "lost update" | "dirty read" | "fuzzy read";

/** One access of a saga to a shared entity, before an anomaly and within it. */
interface SeenAccess {
  readonly first: Step;
  readonly second: Step | undefined;
}

/** A state of the search: the explored state, and the accesses seen on the way. */
interface Node {
  readonly state: number;
  readonly seen: SeenAccess | undefined;
  readonly edge: number;
  readonly before: Node | undefined;
}

/** The search is limited so that it does not take longer than the exploration. */
const nodesMax = 2_000_000;

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
  readonly visited: Set<string>;
  readonly queue: Node[];
  readonly found: Map<Anomaly, Finding>;
}

function search(exploration: Exploration, instance: Instance): Finding[] {
  const search: AnomalySearch = { exploration, instance, visited: new Set(), queue: [], found: new Map() };
  visit(search, { state: 0, seen: undefined, edge: -1, before: undefined });
  for (const node of search.queue) {
    if (search.found.size === 3 || search.queue.length > nodesMax) break;
    const { edgeStart } = exploration.space;
    for (let edge = edgeStart[node.state] ?? 0; edge < (edgeStart[node.state + 1] ?? 0); edge++)
      follow(search, node, edge);
  }
  return [...search.found.values()];
}

function follow(search: AnomalySearch, node: Node, edge: number): void {
  const { space, program } = search.exploration;
  const step = program.steps[space.edgeStep[edge] ?? 0];
  if (step === undefined) return;
  const next: Node = { state: space.edgeTo[edge] ?? 0, seen: node.seen, edge, before: node };
  visit(search, next);
  if (step.instance !== search.instance || step.kind === "stuck" || step.outcome === undefined) return;
  // Any access may be the first of an anomaly, or the second or third of one that has begun.
  if (node.seen === undefined) visit(search, { ...next, seen: { first: step, second: undefined } });
  else if (node.seen.second === undefined && step.saga !== node.seen.first.saga) {
    visit(search, { ...next, seen: { first: node.seen.first, second: step } });
  } else if (node.seen.second !== undefined && step.saga === node.seen.first.saga) note(search, next, step);
}

function visit(search: AnomalySearch, node: Node): void {
  const steps = search.exploration.program.steps;
  const seen =
    node.seen === undefined
      ? ""
      : `${steps.indexOf(node.seen.first)}/${node.seen.second === undefined ? "" : steps.indexOf(node.seen.second)}`;
  const key = `${node.state}:${seen}`;
  if (search.visited.has(key)) return;
  search.visited.add(key);
  search.queue.push(node);
}

function note(search: AnomalySearch, node: Node, third: Step): void {
  const { first, second } = node.seen ?? {};
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

function pathOf({ program, space }: Exploration, last: Node): Finding["path"] {
  const steps: Step[] = [];
  for (let node: Node | undefined = last; node !== undefined; node = node.before) {
    const step = node.edge < 0 ? undefined : program.steps[space.edgeStep[node.edge] ?? 0];
    if (step !== undefined) steps.unshift(step);
  }
  return steps.map(pathStep);
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
    .flatMap((one) => steps.find((step) => JSON.stringify(pathStep(step)) === JSON.stringify(one)) ?? []);
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
