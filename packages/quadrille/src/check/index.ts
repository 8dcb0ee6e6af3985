// The public entry of `quadrille/check`: explores a choreography, judges it, and says what was found. It runs
// in a browser, too.
export {
  faultTexts,
  type Bound,
  type Channel,
  type CheckOptions,
  type DeferMode,
  type Fault,
  type Reduce,
  resolveBound,
  type ShouldStop,
} from "./model/bound.ts";
export {
  canDeploy,
  replaceParts,
  type DeployReport,
  type DeployRequest,
  type DeployVerdict,
} from "./can-deploy.ts";
export {
  type Acceptance,
  type AcceptedFinding,
  type ReportWithAccepted,
  setAccepted,
  splitAccepted,
  type SplitFindings,
} from "./accepted.ts";
export { check, type Report } from "./check.ts";
export { type FindingGroup, groupFindings } from "./findings/group-findings.ts";
export { composeJson } from "../contract/json/compose-json.ts";
export { explore, explorationLimits, type Exploration, type Limit } from "./explore/explore.ts";
export { applyPatch } from "./findings/apply-patch.ts";
export {
  findingCatalog,
  counted,
  listed,
  listedMax,
  listedBriefly,
  type FindingCode,
  type Entry,
  type Finding,
  type Patch,
  type PatchSummary,
  type PathStep,
  type Severity,
} from "./model/finding.ts";
export { assertHolds, findingText, type Tolerance } from "./holds.ts";
export type { InFlight } from "./explore/in-flight.ts";
export { parseInFlight, type ParsedInFlight } from "./explore/parse-in-flight.ts";
export { mutate, type MutantResult, type MutationReport } from "./mutate.ts";
export type { Mutant, MutationKind } from "./mutants.ts";
export { coveringPaths, reachableSet, type Abstraction, type ReachableSet } from "./explore/reachable.ts";
export {
  numberMessages,
  sequenceDiagram,
  story,
  type StoryMessage,
  type NumberedStep,
} from "./findings/story.ts";
export { toPromela } from "./export/to-promela.ts";
export { toTla, type TlaModule } from "./export/to-tla.ts";
export { sharedProblem } from "./model/world.ts";
export { schemaFit, type SchemaFit } from "../contract/schema-fit/fit.ts";
export { storedFit } from "../contract/schema-fit/stored-fit.ts";
export type { JsonProblem } from "../contract/reading.ts";
export { parseChoreography, type ParsedChoreography, readForm } from "../contract/json/parse-json.ts";
export { type PublishedTooOften, publishedTooOften } from "./published-too-often.ts";
export { type SystemFinding, wellFormedSystem } from "../contract/rules/well-formed-system.ts";
export { wellFormed, type WellFormedFinding } from "../contract/rules/well-formed.ts";
export { type WellFormedRule, wellFormedRules } from "../contract/rules/well-formed-rules.ts";
