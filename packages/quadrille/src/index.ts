// What a service's author imports: contracts, code, and the engine that runs them.
export { choreography, type Choreography } from "./contract/choreography.ts";
export { fromJson } from "./contract/from-json.ts";
export { service, type Activity, type Code, type Service, type Transaction } from "./contract/handler.ts";
export type { ChoreographyJson } from "./contract/json-form.ts";
export { to, type Outcome } from "./contract/outcome.ts";
export { participant, type Participant } from "./contract/participant.ts";
export { after, defer, ignore, lock, never, on } from "./contract/reaction.ts";
export { toJson } from "./contract/to-json.ts";
export { activity, all, command, event, type CommandType, type EventType } from "./contract/trigger.ts";
export { isQuadrilleError, QuadrilleError, type ErrorCode } from "./errors.ts";
