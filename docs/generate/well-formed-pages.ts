// docs/reference/findings/W….md: a page for each rule of well-formedness, with contracts that break it and
// clean twins.
import type { Choreography } from "../../packages/quadrille/src/contract/choreography.ts";
import {
  wellFormed,
  type WellFormedFinding,
} from "../../packages/quadrille/src/contract/rules/well-formed.ts";
import { publishedTooOften } from "../../packages/quadrille/src/check/published-too-often.ts";
import { wellFormedSystem } from "../../packages/quadrille/src/contract/rules/well-formed-system.ts";
import {
  type WellFormedRule,
  wellFormedRules,
} from "../../packages/quadrille/src/contract/rules/well-formed-rules.ts";
import { dinner } from "../../packages/quadrille/test/well-formed-dinner.ts";
import type { WellFormedExample } from "../../packages/quadrille/test/well-formed-example.ts";
import { wellFormedExamples } from "../../packages/quadrille/test/well-formed-examples.ts";
import { type ContractText, contractText } from "./contract-text.ts";
import { fence, page } from "./markdown.ts";

/** The pages by code. Throws where a code has no example, or its example does not show it. */
export function wellFormedPages(): ReadonlyMap<string, string> {
  const examples = new Map(Object.entries(wellFormedExamples));
  return new Map(
    Object.entries(wellFormedRules).map(([code, rule]) => {
      const list = examples.get(code);
      if (list === undefined) throw new Error(`${code} has no example in well-formed-examples.ts.`);
      return [code, rulePage(code, rule, list)];
    }),
  );
}

const severities = {
  error: "An **error**: an engine does not start with it, and `quadrille check` exits with 2.",
  warning: "A **warning**: an engine starts all the same.",
} as const;

function rulePage(
  code: string,
  { severity, title, fix }: WellFormedRule,
  examples: readonly WellFormedExample[],
): string {
  return page(
    `${code}: ${title.replace(/\.$/, "")}`,
    `${severities[severity]} It is found before anything runs. Much of it does not even compile; the rule
is for what comes past the compiler, such as contracts of others. The examples are versions of [a small
dinner](README.md#the-dinner).`,
    ...examples.flatMap((example, index) => exampleParts(code, example, index)),
    "## How to fix it",
    fix,
    "[All codes](README.md)",
  );
}

function exampleParts(
  code: string,
  { says, broken, clean = dinner, beside = [] }: WellFormedExample,
  index: number,
): readonly string[] {
  const together = (one: Choreography): readonly WellFormedFinding[] =>
    [
      ...wellFormed(one),
      ...wellFormedSystem([one, ...beside]),
      ...publishedTooOften([one, ...beside]),
    ].filter((finding) => finding.code === code);
  const found = together(broken);
  const shown = found.find(({ message }) => message === says);
  if (shown === undefined) throw new Error(`The example of ${code} does not show it: ${says}`);
  if (together(clean).length > 0) throw new Error(`The clean twin shows ${code}: ${says}`);
  const sentences = found
    .map(({ severity, message, at }) => `${severity} ${code} ${message}\n  at ${at}`)
    .join("\n");
  const [heading, contract] =
    index === 0
      ? ["## A contract that shows it", moduleText(contractText(broken))]
      : ["## Another one", changes(broken, { than: dinner, note: "The dinner with these parts." })];
  return [
    heading,
    fence("ts", contract),
    ...beside.flatMap((one) => [
      "It makes a system with this one:",
      fence("ts", changes(one, { than: dinner, note: "The dinner with these parts." })),
    ]),
    fence("text", sentences),
    "A clean twin:",
    fence("ts", changes(clean, { than: broken, note: "The same with these parts." })),
  ];
}

/** The contract as a whole module, without its imports. */
export function moduleText({ triggers, participants, choreography }: ContractText): string {
  return [triggers, ...participants, choreography].join("\n\n");
}

interface Comparison {
  readonly than: Choreography;
  /** The sentence that introduces the parts. */
  readonly note: string;
}

/** The parts of a contract that are not in the other one; its ends only if they are the difference. */
function changes(contract: Choreography, { than, note }: Comparison): string {
  const [mine, theirs] = [contractText(contract), contractText(than)];
  const known = new Set([...theirs.triggers.split("\n"), ...theirs.participants]);
  const changed = [...mine.triggers.split("\n"), ...mine.participants].filter((one) => !known.has(one));
  return [`// ${note}`, ...(changed.length === 0 ? [mine.choreography] : changed)].join("\n");
}
