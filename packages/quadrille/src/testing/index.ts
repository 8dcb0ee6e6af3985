// The public entry of `quadrille/testing`: one handler, a path through all of them, a clock that the test
// moves, and the suites for stores and transports.
export { type VirtualAmbient, virtualAmbient } from "../ambient/virtual.ts";
export type { PathStep } from "../check/model/finding.ts";
export { given, type Given, type GivenTrigger, type HandlerResult, type Reacted } from "./given.ts";
export { type OwnersCase, ownersConformance, type OwnersSubject } from "./owners-conformance.ts";
export { scenario, type ScenarioReport } from "./scenario.ts";
export type { ScenarioOptions } from "./scenario-options.ts";
export { type ScriptedCall, type ScriptedChoice, type Dilemma, scriptedServices } from "./scripted.ts";
export type { StoreCase, StoreSubject } from "./store-case.ts";
export { storeConformance, storeSubject } from "./store-conformance.ts";
export { type TransportCase, transportConformance, type TransportSubject } from "./transport-conformance.ts";
