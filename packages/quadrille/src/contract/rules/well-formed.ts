// Static well-formedness: what is wrong with a choreography before anything is explored or run.
import { QuadrilleError } from "../../errors.ts";
import type { Choreography } from "../choreography.ts";
import { compositionFindings } from "./well-formed-composition.ts";
import { participantFindings } from "./well-formed-participant.ts";
import { type Complaint, wellFormedRules } from "./well-formed-rules.ts";

/** One thing that is wrong. */
export interface WellFormedFinding extends Complaint {
  readonly severity: "error" | "warning";
}

/** All findings, in the order of the contract; none when the choreography is well-formed. */
export function wellFormed(choreography: Choreography): readonly WellFormedFinding[] {
  return wellFormedIn(choreography, choreography.participants);
}

/** The findings about some participants by themselves, and those about all taken together. */
export function wellFormedIn(
  choreography: Choreography,
  participants: Choreography["participants"],
): readonly WellFormedFinding[] {
  const complaints = [...participants.flatMap(participantFindings), ...compositionFindings(choreography)];
  return complaints.map((complaint) => ({
    ...complaint,
    severity: wellFormedRules[complaint.code].severity,
  }));
}

/** Throws `Q_CONTRACT_MALFORMED` when there is an error among the findings; warnings pass. */
export function assertWellFormed(choreography: Choreography): void {
  const [first, ...more] = wellFormed(choreography).filter(({ severity }) => severity === "error");
  if (first === undefined) return;
  const others =
    more.length === 0
      ? ""
      : ` There ${more.length === 1 ? "is" : "are"} ${more.length} more: ${more.map(({ code }) => code).join(", ")}.`;
  throw new QuadrilleError(
    "Q_CONTRACT_MALFORMED",
    `${choreography.name} cannot run: ${first.message} (${first.code} at ${first.at}). ${wellFormedRules[first.code].fix}${others}`,
  );
}
