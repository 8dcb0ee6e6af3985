// The public entry of `quadrille/operations`: look at sagas and fix what is parked, in a running process or
// beside it.
export type {
  Causation,
  Expected,
  Operations,
  OperationsTime,
  ParkedEntry,
  RedriveFilter,
  SagaQuery,
  SagaReport,
  SagaSummary,
  TimelineEntry,
} from "./api.ts";
export type { ContractReview } from "../engine/generation/enrol.ts";
export {
  acceptContracts,
  type MigrateOptions,
  reviewContracts,
} from "../engine/generation/migrate-contracts.ts";
export type { ParkedReason } from "../store/records.ts";
export { addressFile, type OperatorAddress, readAddress } from "./address.ts";
export { type Fetch, remoteOperations } from "./remote-operations.ts";
export { operatorEndpoint, type OperatorEndpoint, type OperatorEndpointOptions } from "./endpoint.ts";
export { openOperations, type OperationsOptions } from "./operations.ts";
