// One word for one thing: no type name is declared twice in the library.
import { isTest, type Source } from "./source.ts";

/** Type names that two files of the library declare, each with these files. */
export function typeNameProblems(sources: readonly Source[]): readonly string[] {
  const declared = sources.filter(({ path }) => path.startsWith("packages/quadrille/src/") && !isTest(path));
  const places = declared.flatMap(({ path, text }) =>
    [...text.matchAll(/^(?:export )?(?:abstract )?(?:interface|type|class) (\w+)/gm)].map(
      ([, name = ""]) => ({
        path,
        name,
      }),
    ),
  );
  return [...Map.groupBy(places, ({ name }) => name)].flatMap(([name, list]) => {
    const files = [...new Set(list.map(({ path }) => path))];
    return files.length > 1 ? [`${name} is declared in ${files.join(" and ")}`] : [];
  });
}
