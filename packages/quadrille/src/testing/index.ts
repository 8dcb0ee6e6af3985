// The public entry of `quadrille/testing`: hand-listed exports.
export type { PathStep } from "../check/finding.ts";
export { scenario, type ScenarioOptions, type ScenarioReport } from "./scenario.ts";
