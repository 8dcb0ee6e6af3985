// The public entry of `quadrille/tooling`: what a tool beside the library is built of, such as the command
// `quadrille-cli`. It loads neither the engine nor a database. What stands here may change in any version.
export { systemAmbient } from "./ambient/system.ts";
export { durationMs } from "./contract/duration.ts";
export { jsonSchemaOf } from "./contract/json-schema.ts";
export { fromJson } from "./contract/json/from-json.ts";
export { participantJson, toJson } from "./contract/json/to-json.ts";
export { pointer } from "./contract/pointer.ts";
export { isRecord } from "./contract/reading.ts";
export { type Use, usesOf } from "./contract/rules/uses.ts";
export { stateKeys } from "./contract/trigger-kind.ts";
export { shapeProblem } from "./contract/value-shape.ts";
export { versionOf } from "./contract/versioned.ts";
export {
  errorAdvice,
  errorCodes,
  type ErrorCode,
  isQuadrilleError,
  QuadrilleError,
  thrownText,
} from "./errors.ts";
export { makeFolder } from "./node/make-folder.ts";
