// What a report says of suggested patches: one by one, or many of one word together.
import {
  counted,
  type Finding,
  type FindingGroup,
  listedBriefly,
  listedMax,
  type PatchSummary,
} from "quadrille/check";
import type { WriteOperation } from "./patch-as-code.ts";

type Patch = NonNullable<Finding["patch"]>;

/**
 * Of a group of findings: patches that consist of the same word are listed together, the others one by one.
 * Those that may lose a message stand apart.
 */
export function patchesOf(
  { findings }: Pick<FindingGroup, "findings">,
  write: WriteOperation,
): readonly string[] {
  const linesOf = (patch: Patch): readonly string[] => patchLines(patch, write);
  const patches = findings.flatMap(({ patch }) => (patch === undefined ? [] : [patch]));
  const byWord = Map.groupBy(patches, (patch) => headOf(patch) ?? "");
  const alone = byWord.get("") ?? [];
  const words = [...byWord].filter(([head]) => head !== "");
  return [
    ...words.flatMap(([head, some]) =>
      some.length < togetherMin ? some.flatMap(linesOf) : wordLines(head, some),
    ),
    ...alone.slice(0, listedMax).flatMap(linesOf),
    ...(alone.length > listedMax
      ? [`  and ${alone.length - listedMax} more patches (all with --verbose)`]
      : []),
  ];
}

/** From this number on, patches of one word and findings of one cause are listed together. */
export const togetherMin = 3;

/** A sentence of one word, where a patch says nothing else and leaves no error that was not there. */
function wordOf({ operations, leaves }: Patch): { readonly word: string; readonly place: Place } | undefined {
  const [only, ...others] = operations;
  const place = only === undefined ? undefined : placeOf(only.path);
  if (only === undefined || place === undefined || others.length > 0) return undefined;
  if (typeof only.value !== "string" || (leaves?.fresh.length ?? 0) > 0) return undefined;
  return { word: only.value, place };
}

/** How a list of patches of one word begins. */
function headOf(patch: Patch): string | undefined {
  const word = wordOf(patch)?.word;
  if (word === undefined) return undefined;
  return `try this${patch.loses === true ? " where the message may be lost" : ""}: "${word}"`;
}

interface Place {
  readonly state: string;
  readonly event: string;
}

/** The state and the event of a place such as `/participants/Order/states/PAID/on/Cancelled`. */
function placeOf(path: string): Place | undefined {
  const found = /^\/participants\/([^/]+)\/states\/([^/]+)\/on\/([^/]+)$/.exec(path);
  const [, participant, state, event] = (found ?? []).map(unescaped);
  return participant === undefined || state === undefined || event === undefined
    ? undefined
    : { state: `${participant} in ${state}`, event };
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

function wordLines(head: string, patches: readonly Patch[]): readonly string[] {
  const places = patches.flatMap((patch) => wordOf(patch)?.place ?? []);
  const lines = [...Map.groupBy(places, ({ state }) => state)].map(
    ([state, some]) => `    ${state}: ${listedBriefly(some.map(({ event }) => event))}`,
  );
  const more = lines.length - listedMax;
  return [
    `  ${head} in ${counted(patches.length, "place")}, each of which was tried alone (--json has the patches)`,
    ...lines.slice(0, listedMax),
    ...(more > 0 ? [`    and in ${counted(more, "more state")}`] : []),
  ];
}

/** One patch: why, what is left then, and its operations. */
export function patchLines({ why, operations, leaves }: Patch, write: WriteOperation): readonly string[] {
  return [
    `  try this: ${why}${leaves === undefined ? "" : `; then ${leavesText(leaves)}`}`,
    ...operations.map((operation) => `    ${write(operation)}`),
  ];
}

/** What all patches of a report come to, and how many findings had to go without a try. */
export function patchSummaryLines(patches: PatchSummary | undefined): readonly string[] {
  const { together, untried = 0 } = patches ?? {};
  const lines = [
    ...(together === undefined ? [] : [`With all these patches together, ${leavesText(together)}.`]),
    ...(untried === 0
      ? []
      : [
          `The steps for patches were used up before ${counted(untried, "finding")}: apply what is suggested, and check again.`,
        ]),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}

function leavesText({ errors, fresh }: NonNullable<Patch["leaves"]>): string {
  const left =
    errors === 0 ? "no error is left" : `${counted(errors, "error")} ${errors === 1 ? "is" : "are"} left`;
  return `${left}${fresh.length === 0 ? "" : `, ${fresh.length} of them new: ${listedBriefly(fresh)}`}`;
}
