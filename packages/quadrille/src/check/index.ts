// The public entry of `quadrille/check`: hand-listed exports, nothing that needs Node.
export {
  FAULTS,
  type Bound,
  type Channel,
  type CheckOptions,
  type DeferMode,
  type Fault,
  type Reduce,
} from "./model/bound.ts";
export {
  canDeploy,
  replaceParts,
  type DeployReport,
  type DeployRequest,
  type DeployVerdict,
} from "./can-deploy.ts";
export { type Acceptance, type Accepted, type ReportWithAccepted, setAccepted } from "./accepted.ts";
export { check, type Report } from "./check.ts";
export { type FindingGroup, groupFindings } from "./findings/group-findings.ts";
export { composeJson } from "../contract/json/compose-json.ts";
export { explainEvent, explanationText, type EventExplanation } from "../draw/explain.ts";
export { explore, type Exploration, type Limit } from "./explore/explore.ts";
export { applyPatch } from "./findings/apply-patch.ts";
export {
  CATALOG,
  type Code,
  type Entry,
  type Finding,
  type Patch,
  type PathStep,
  type Severity,
} from "./model/finding.ts";
export { assertHolds, findingText, type Tolerance } from "./holds.ts";
export { parseInFlight, type InFlight } from "./explore/in-flight.ts";
export { mutate, type MutantResult, type MutationReport } from "./mutate.ts";
export type { Mutant, MutationKind } from "./mutants.ts";
export { coveringPaths, reachableSet, type Abstraction, type ReachableSet } from "./explore/reachable.ts";
export { numberMessages, sequenceDiagram, story, type Message, type NumberedStep } from "./findings/story.ts";
export { toAsyncApi, type AsyncApiOptions } from "../draw/to-asyncapi.ts";
export { toMermaid, toStateDiagram } from "../draw/to-mermaid.ts";
export { toPromela } from "./export/to-promela.ts";
export { toTla, type TlaModule } from "./export/to-tla.ts";
export { parseChoreography, type ParsedChoreography } from "../contract/json/parse-json.ts";
