// The public entry of `quadrille/operations`: look at sagas and mend what is set aside, in a running process or beside it.
export type {
  Expected,
  Operations,
  ParkedEntry,
  SagaReport,
  SagaSummary,
  TimelineEntry,
} from "./api.ts";
export { operatorEndpoint, type OperatorEndpoint, type OperatorEndpointOptions } from "./endpoint.ts";
export { openOperations, type OperationsOptions } from "./operations.ts";
