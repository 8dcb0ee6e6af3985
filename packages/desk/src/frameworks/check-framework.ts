// Checks a framework's own file beyond its schema: its example holds, and each of its checks fails on its bad
// example.
import type { Finding } from "../lint/lint.ts";
import { checkFilled } from "./fill-slots.ts";
import type { Framework } from "./framework.ts";

/** What is wrong with a framework. `now` is the time in milliseconds since 1970. */
export function checkFramework(framework: Framework, now: number): readonly Finding[] {
  const given = { people: [], now };
  const example = checkFilled(framework, framework.example, given).findings.map((finding) => ({
    ...finding,
    place: `/example${finding.place}`,
  }));
  const toothless = framework.checks.flatMap(({ lint, slot, bad }, index): Finding[] => {
    const { findings } = checkFilled(framework, { slots: withBad(framework.example.slots, bad) }, given);
    if (findings.some((finding) => finding.lint === lint)) return [];
    const message = `does not break the check ${lint} of ${slot}: give slots that do.`;
    return [{ lint: "bad-example", level: "error", place: `/checks/${index}/bad`, message }];
  });
  return [...example, ...toothless];
}

/** The example with other slots; `null` takes one away. */
function withBad(slots: Framework["example"]["slots"], bad: Framework["example"]["slots"]) {
  return Object.fromEntries(Object.entries({ ...slots, ...bad }).filter(([, value]) => value !== null));
}
