// Which methods a path takes, found among the routes of the API.

/** A route as Hono lists it; `ALL` is a middleware. */
export interface ListedRoute {
  readonly method: string;
  /** With parameters such as `:id`. */
  readonly path: string;
}

/** The methods that the path takes; none when there is no such path. */
export function allowedMethods(routes: readonly ListedRoute[], path: string): readonly string[] {
  const steps = path.split("/");
  const matching = routes.filter((route) => route.method !== "ALL" && matches(route.path.split("/"), steps));
  const methods = new Set(matching.map(({ method }) => method));
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].toSorted();
}

function matches(pattern: readonly string[], steps: readonly string[]): boolean {
  return (
    pattern.length === steps.length &&
    pattern.every((step, index) => (step.startsWith(":") ? steps[index] !== "" : step === steps[index]))
  );
}
