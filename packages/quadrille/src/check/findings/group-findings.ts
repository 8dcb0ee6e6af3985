// Groups findings that have one cause: a participant with unhandled events, participants that stay locked,
// channels that grow.
import { pointerKeys } from "../../contract/pointer.ts";
import { counted, type FindingCode, type Finding, listedBriefly, listedMax } from "../model/finding.ts";

/** Findings of one code and one cause, the one with the shortest path first. */
export interface FindingGroup {
  readonly code: FindingCode;
  readonly severity: Finding["severity"];
  /** One sentence about all of them. */
  readonly message: string;
  /** Names, at most ten of each kind, that the sentence leaves out. */
  readonly details: readonly string[];
  readonly findings: readonly [Finding, ...Finding[]];
}

/** Groups findings, keeping their order; a single finding is a group with its own sentence. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  return [...Map.groupBy(findings, causeOf).values()].flatMap(
    ([first, ...others]): readonly FindingGroup[] => {
      if (first === undefined) return [];
      const { code, severity } = first;
      const all: FindingGroup["findings"] = [first, ...others];
      if (others.length === 0)
        return [{ code, severity, message: first.message, details: [], findings: all }];
      return [
        { code, severity, ...(code === "P1" || code === "P2" ? silence(all) : several(all)), findings: all },
      ];
    },
  );
}

/** P1 and P2 are a participant's; of other codes what a path shows stands together, and what has none. */
function causeOf({ code, at, path }: Finding): string {
  const isSilence = code === "P1" || code === "P2";
  return isSilence ? `${code} ${pointerKeys(at)[1] ?? ""}` : `${code} ${path.length > 0}`;
}

function silence(findings: FindingGroup["findings"]): Pick<FindingGroup, "message" | "details"> {
  const [{ code, at }] = findings;
  const states = new Map<string, string[]>();
  for (const one of findings) {
    const [, , , state = "", , event = ""] = pointerKeys(one.at);
    states.set(state, [...(states.get(state) ?? []), event]);
  }
  const events = counted(new Set([...states.values()].flat()).size, "event");
  const participant = pointerKeys(at)[1] ?? "";
  const what =
    code === "P1" ? `says nothing about ${events} that may come` : `gets ${events} that should never come`;
  const [only] = states.keys();
  const where =
    states.size === 1 && only !== undefined ? `in ${only}` : `in ${counted(states.size, "state")}`;
  const lines = [...states].map(([state, names]) => `in ${state}: ${listedBriefly(names)}`);
  return { message: `${participant} ${what} ${where}`, details: shortened(lines) };
}

function several(findings: FindingGroup["findings"]): Pick<FindingGroup, "message" | "details"> {
  const [first, ...others] = findings;
  return {
    message: `${first.message}; and ${others.length} more like it`,
    details: shortened(others.map(({ message }) => message)),
  };
}

function shortened(lines: readonly string[]): readonly string[] {
  const more = lines.length - listedMax;
  return more <= 0 ? lines : [...lines.slice(0, listedMax), `and ${more} more`];
}
