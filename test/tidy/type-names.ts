// One word for one thing: no type name is declared twice in a package, an app or the bench.
import { isTest, type Source } from "./source.ts";

/** Type names that two files of one workspace declare, each with these files. */
export function typeNameProblems(sources: readonly Source[]): readonly string[] {
  const places = sources
    .filter(({ path }) => workspaceOf(path) !== undefined && !isTest(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^(?:export )?(?:abstract )?(?:interface|type|class) (\w+)/gm)].map(
        ([, name = ""]) => ({ path, name }),
      ),
    );
  const named = Map.groupBy(places, ({ path, name }) => `${workspaceOf(path) ?? ""} ${name}`);
  return [...named.values()].flatMap((list) => {
    const files = [...new Set(list.map(({ path }) => path))];
    return files.length > 1 ? [`${list[0]?.name ?? ""} is declared in ${files.join(" and ")}`] : [];
  });
}

/** The workspace of a source: `packages/quadrille`; none for what is beside the sources of one. */
function workspaceOf(path: string): string | undefined {
  return /^((?:packages|apps)\/[^/]+|bench)\/src\//.exec(path)?.[1];
}
