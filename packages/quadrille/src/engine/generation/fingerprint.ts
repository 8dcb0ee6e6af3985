// A contract's fingerprint: equal for equal contracts, whatever the order of their keys.
import { createHash } from "node:crypto";
import type { ContractShape } from "../../contract/contract-shape.ts";
import type { Participant } from "../../contract/participant.ts";
import { participantJson } from "../../contract/json/to-json.ts";

/** SHA-256 of the contract, in hexadecimal. It does not depend on the other participants. */
export function fingerprintOf(participant: Participant, shape: ContractShape): string {
  const { participants: _others, keepsJoins: _keeps, ...own } = shape;
  const contract = ordered({ name: participant.name, json: participantJson(participant), own });
  return createHash("sha256").update(JSON.stringify(contract)).digest("hex");
}

/**
 * With the keys of objects in one order. Lists keep theirs: the order of emission is a part of the contract.
 */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, ordered(inner)]),
  );
}
