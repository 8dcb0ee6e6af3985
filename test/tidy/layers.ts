// The check of all imports against the order of folders, and what else may import what.
import { floorsOf, pizzaPlaceServices } from "./floors.ts";
import { isTest, type Source } from "./source.ts";

const library = "packages/quadrille/src/";

/** What runs in a browser too: no Node, no driver, nothing of the engine. */
const pure: readonly string[] = ["errors.ts", "contract", "transition", "check", "draw"];
const purePackages: readonly string[] = ["@standard-schema/spec"];

/**
 * The imports that go against the order of folders. Tests may import anything, but no package may import an
 * app.
 */
export function layerProblems(sources: readonly Source[]): readonly string[] {
  const product = sources.filter((source) => !isTest(source.path));
  return [
    ...product.flatMap(floorProblems),
    ...product.flatMap(pureProblems),
    ...sources.flatMap(appProblems),
    ...product.flatMap(strangerProblems),
    ...product.flatMap(serviceProblems),
  ];
}

/** Entries without a source: such an entry checks nothing. */
export function emptyFloors(sources: readonly Source[]): readonly string[] {
  const taken = new Set(sources.map(({ path }) => `${packageOf(path)}${floorOf(path)}`));
  return [...floorsOf].flatMap(([name, all]) => all.filter((floor) => !taken.has(name + floor)));
}

/** Each cycle of imports once, as the path around it. */
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

function floorProblems({ path, imports }: Source): readonly string[] {
  const place = packageOf(path);
  const all = floorsOf.get(place ?? "") ?? [];
  if (place === undefined || !path.endsWith(".ts")) return [];
  const own = floorOf(path);
  if (own === undefined) return [`${path} stands on no floor: give its folder one in test/tidy/floors.ts`];
  return imports.flatMap((name) => {
    const other = name.startsWith(place) ? floorOf(name) : own;
    const isBelow = other !== undefined && all.indexOf(other) <= all.indexOf(own);
    return isBelow ? [] : [`${path} imports ${name}, which stands above \`${own}\``];
  });
}

function pureProblems({ path, imports }: Source): readonly string[] {
  if (!isPure(path)) return [];
  return imports
    .filter((name) => !name.startsWith(library) && !purePackages.includes(name))
    .map((name) => `${path} imports ${name}, and has to run in a browser too`);
}

function isPure(path: string): boolean {
  return pure.some((name) => path === library + name || path.startsWith(`${library}${name}/`));
}

/** The floor of a file: its own, or its folder's. */
function floorOf(path: string): string | undefined {
  const place = packageOf(path);
  if (place === undefined) return undefined;
  const inside = path.slice(place.length);
  const folder = inside.slice(0, Math.max(0, inside.lastIndexOf("/")));
  const all = floorsOf.get(place) ?? [];
  return [inside, folder].find((one) => all.includes(one));
}

function packageOf(path: string): string | undefined {
  return [...floorsOf.keys()].find((place) => path.startsWith(place));
}

/** A package is imported by its name, as users do; files behind its entries are private. */
function strangerProblems({ path, imports }: Source): readonly string[] {
  const [own] = /^packages\/[^/]+\//.exec(path) ?? [];
  if (own === undefined) return [];
  return imports
    .filter((name) => name.startsWith("packages/") && !name.startsWith(own))
    .map((name) => `${path} imports ${name}: a package is imported by its name`);
}

/** A service of the pizza place knows of another one its events alone. */
function serviceProblems({ path, imports }: Source): readonly string[] {
  const own = serviceOf(path);
  if (own === undefined) return [];
  return imports
    .filter((name) => (serviceOf(name) ?? own) !== own)
    .map((name) => `${path} imports ${name}: services know of each other their events alone`);
}

function serviceOf(path: string): string | undefined {
  return pizzaPlaceServices.find((service) => path.startsWith(`apps/pizza-place/src/${service}/`));
}

function appProblems(source: Source): readonly string[] {
  if (!source.path.startsWith("packages/")) return [];
  return source.imports
    .filter((name) => /^(apps\/|bench\/|pizza-place(\/|$))/.test(name))
    .map((name) => `${source.path} imports ${name}: no package may import an app or the bench`);
}
