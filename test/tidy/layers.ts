// Who may import whom: the dependency directions of the architecture, as data, and the walk over the imports that holds them.
import { isTest, type Source } from "./source.ts";

const library = "packages/quadrille/src/";

/** A layer of the library that may import nothing but what is named: folders or files under `src`, and npm packages. */
interface ClosedLayer {
  readonly layer: string;
  readonly only: readonly string[];
  readonly packages: readonly string[];
}

/** A layer from which some files can not be reached, over any number of imports. */
interface ApartLayer {
  readonly layer: string;
  readonly never: readonly string[];
}

/** The pure layers: no Node, no driver, so that they run in a browser too. */
const closedLayers: readonly ClosedLayer[] = [
  { layer: "contract", only: ["contract", "errors.ts"], packages: ["@standard-schema/spec"] },
  { layer: "transition", only: ["transition", "contract", "errors.ts"], packages: ["@standard-schema/spec"] },
  {
    layer: "check",
    only: ["check", "contract", "transition", "errors.ts"],
    packages: ["@standard-schema/spec"],
  },
];

const databaseAdapters = ["store/postgres", "store/pglite", "transport/direct", "transport/nats"];

const apartLayers: readonly ApartLayer[] = [
  { layer: "ambient", never: ["engine", "store", "transport", "check", "sim", "testing", "cli"] },
  { layer: "envelope", never: ["engine", "store", "transport", "check", "sim", "testing", "cli"] },
  { layer: "store", never: ["engine", "check", "sim", "testing", "cli"] },
  { layer: "transport", never: ["engine", "check", "sim", "testing", "cli"] },
  { layer: "engine", never: ["check", "sim", "testing", "cli"] },
  { layer: "sim", never: ["cli", ...databaseAdapters] },
  { layer: "testing", never: ["cli"] },
];

/** Says which imports go against the direction of the layers. Tests may import what they like, but no package may import an app. */
export function layerProblems(sources: readonly Source[]): readonly string[] {
  const graph = new Map(sources.map((source) => [source.path, source.imports]));
  const product = sources.filter((source) => !isTest(source.path));
  return [
    ...product.flatMap(closedProblems),
    ...product.flatMap((source) => apartProblems(source, graph)),
    ...sources.flatMap(appProblems),
  ];
}

/** Says each cycle of imports once, as the path around it. */
export function cycleProblems(sources: readonly Source[]): readonly string[] {
  const graph = new Map(sources.map((source) => [source.path, source.imports]));
  const state = new Map<string, "open" | "done">();
  const problems: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      problems.push(`cycle: ${[...trail.slice(trail.indexOf(path)), path].join(" → ")}`);
      return;
    }
    state.set(path, "open");
    for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of graph.keys()) visit(path, []);
  return problems;
}

function closedProblems(source: Source): readonly string[] {
  return closedLayers
    .filter(({ layer }) => within(source.path, [layer]))
    .flatMap(({ layer, only, packages }) =>
      source.imports
        .filter((name) => !within(name, only) && !packages.includes(name))
        .map((name) => `${source.path} imports ${name}, which \`${layer}\` may not`),
    );
}

function apartProblems(source: Source, graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return apartLayers
    .filter(({ layer }) => within(source.path, [layer]))
    .flatMap(({ layer, never }) => {
      const trail = trailTo(source.path, (path) => within(path, never), graph);
      return trail === undefined ? [] : [`${trail.join(" → ")}: \`${layer}\` may not reach it`];
    });
}

function appProblems(source: Source): readonly string[] {
  if (!source.path.startsWith("packages/")) return [];
  return source.imports
    .filter((name) => name.startsWith("apps/") || name === "pizza-place" || name.startsWith("pizza-place/"))
    .map((name) => `${source.path} imports ${name}: no package may import an app`);
}

/** Whether the path is one of the named folders or files of the library; `store/postgres` also means `store/postgres.ts` and `store/postgres-lane.ts`. */
function within(path: string, names: readonly string[]): boolean {
  if (!path.startsWith(library)) return false;
  const inside = path.slice(library.length);
  return names.some((name) => inside === name || inside.startsWith(`${name}/`) || isPart(inside, name));
}

function isPart(inside: string, name: string): boolean {
  return name.includes("/") && new RegExp(`^${name}(-[a-z0-9-]+)?\\.ts$`).test(inside);
}

/** The shortest way over imports to a file that satisfies the condition. */
function trailTo(
  start: string,
  wanted: (path: string) => boolean,
  graph: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const seen = new Set([start]);
  const queue: (readonly string[])[] = [[start]];
  for (const trail of queue) {
    for (const next of graph.get(trail.at(-1) ?? "") ?? []) {
      if (wanted(next)) return [...trail, next];
      if (!seen.has(next)) queue.push([...trail, next]);
      seen.add(next);
    }
  }
  return undefined;
}
