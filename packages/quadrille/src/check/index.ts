// The public entry of `quadrille/check`: hand-listed exports, nothing that needs Node.
export {
  FAULTS,
  type Bound,
  type Channel,
  type CheckOptions,
  type DeferMode,
  type Fault,
  type Reduce,
} from "./bound.ts";
export {
  canDeploy,
  replaceParts,
  type DeployReport,
  type DeployRequest,
  type DeployVerdict,
} from "./can-deploy.ts";
export { type Acceptance, type Accepted, type ReportWithAccepted, setAccepted } from "./accepted.ts";
export { check, type Report } from "./check.ts";
export { type FindingGroup, groupFindings } from "./group-findings.ts";
export { composeJson } from "./compose-json.ts";
export { explainEvent, explanationText, type EventExplanation } from "./explain.ts";
export { explore, type Exploration, type Limit } from "./explore.ts";
export { applyPatch } from "./apply-patch.ts";
export {
  CATALOG,
  type Code,
  type Entry,
  type Finding,
  type Patch,
  type PathStep,
  type Severity,
} from "./finding.ts";
export { assertHolds, findingText, type Tolerance } from "./holds.ts";
export { parseInFlight, type InFlight } from "./in-flight.ts";
export { mutate, type MutantResult, type MutationReport } from "./mutate.ts";
export type { Mutant, MutationKind } from "./mutants.ts";
export { coveringPaths, reachableSet, type Abstraction, type ReachableSet } from "./reachable.ts";
export { numberMessages, sequenceDiagram, story, type Message, type NumberedStep } from "./story.ts";
export { toAsyncApi, type AsyncApiOptions } from "./to-asyncapi.ts";
export { toMermaid, toStateDiagram } from "./to-mermaid.ts";
export { toPromela } from "./to-promela.ts";
export { toTla, type TlaModule } from "./to-tla.ts";
export { parseChoreography, type ParsedChoreography } from "../contract/parse-json.ts";
