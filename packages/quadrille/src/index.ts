// What a service's author imports: contracts, code, and the engine that runs them.
export type { Ambient, Clock, LogLine } from "./ambient/ambient.ts";
export { systemAmbient } from "./ambient/system.ts";
export { choreography, type Choreography } from "./contract/choreography.ts";
export { from, type FromElsewhere } from "./contract/elsewhere.ts";
export type { Duration } from "./contract/duration.ts";
export { fromJson } from "./contract/json/from-json.ts";
export {
  service,
  type Activity,
  type Code,
  type Handler,
  type Service,
  type Transaction,
} from "./contract/handler.ts";
export type { ChoreographyJson, StateJson } from "./contract/json-form.ts";
export { to, type Outcome } from "./contract/outcome.ts";
export { participant, type Participant } from "./contract/participant.ts";
export {
  after,
  defer,
  gaveUp,
  ignore,
  lock,
  never,
  on,
  timeout,
  type Locked,
  type NoReaction,
  type Reaction,
} from "./contract/reaction.ts";
export { versioned, type Upcaster, type VersionedSchema } from "./contract/versioned.ts";
export { wellFormed, type WellFormedFinding } from "./contract/rules/well-formed.ts";
export { toJson } from "./contract/json/to-json.ts";
export {
  activity,
  all,
  atLeast,
  command,
  event,
  type ActivityType,
  type CommandType,
  type DeadlineType,
  type EventType,
  type GaveUpType,
  type JoinType,
  type Schema,
} from "./contract/trigger.ts";
export type {
  Accepted,
  Answer,
  DrainOptions,
  Engine,
  EngineOptions,
  EngineTime,
  Outage,
  ParticipantStatus,
  Refused,
  RunningSaga,
  SagaEnd,
  SendOptions,
  SendArguments,
  WaitOptions,
} from "./engine/message/api.ts";
export { type BusinessTime, type Moment, steppedTime, timeLapse } from "./ambient/business-time.ts";
export { entitiesOf, type Entities, type EntitiesPage, type Entity } from "./engine/entities-of.ts";
export { startEngine } from "./engine/engine.ts";
export { defaultLimits, type Limits } from "./engine/message/limits.ts";
export { isQuadrilleError, NonRetryableError, QuadrilleError, type ErrorCode } from "./errors.ts";
export { memoryDatabase } from "./store/memory/memory-database.ts";
export {
  type CloudEvent,
  type ParsedCloudEvent,
  type PublishedEvent,
  type PublishedRow,
  parseCloudEvent,
  toCloudEvents,
} from "./envelope/cloud-events.ts";
export type { CarriedRow } from "./store/records.ts";
export type { Sql } from "./store/own-sql.ts";
export type { Database, SqlDatabase } from "./store/database.ts";
export type { Store } from "./store/store.ts";
export type { Delivery, Reading, Transport } from "./transport/transport.ts";
