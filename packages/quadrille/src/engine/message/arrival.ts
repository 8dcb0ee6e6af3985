// An event that arrives from another choreography: the saga that it starts here, or joins.
import { createHash } from "node:crypto";
import { isPromised } from "../../contract/promised.ts";
import type { SourcePart } from "../../contract/system.ts";
import { type Table, triggerKey } from "../../contract/table.ts";
import type { SagaOfChoreography } from "../../store/records.ts";
import { isKeyText } from "./key-text.ts";
import { laneOf } from "./lane-of.ts";

/** The place of a message from elsewhere, and the saga that sent it. */
export interface Place {
  /** `source/lane/position/index`: the same whenever it is read. */
  readonly id: string;
  readonly lane: number;
  /** When its row was written; milliseconds since 1970. */
  readonly time: number;
  readonly sagaId: string;
}

/** How events of one source arrive in a choreography. */
export interface Arrivals {
  /** The saga that the event belongs to here. */
  readonly sagaOf: (event: string, place: Place, data: unknown) => string;
  readonly causedBy: (sagaId: string) => SagaOfChoreography;
  /** Whether a payload that has passed its schema there has passed the one here. */
  readonly hasSameSchema: (event: string) => boolean;
}

/** The arrivals of a reader from a source; none where both are of one choreography. */
export function arrivalsOf(
  reader: { readonly table: Table; readonly choreography: { readonly name: string } },
  source: SourcePart,
  lanes: number,
): Arrivals | undefined {
  const { elsewhere, choreography } = source;
  if (elsewhere === undefined) return undefined;
  const here = reader.choreography.name;
  return {
    sagaOf: (event, place, data) => {
      const named = elsewhere.get(event)?.saga;
      const joined = named === undefined ? undefined : sagaNamedBy(named, data);
      return joined ?? startedSaga(here, place, lanes);
    },
    causedBy: (sagaId) => ({ choreography: choreography.name, sagaId }),
    hasSameSchema: (event) => {
      const key = triggerKey("event", event);
      return source.table.schemas.get(key) === reader.table.schemas.get(key);
    },
  };
}

/** The saga that a payload names; undefined if the payload is broken: deciding reports that. */
export function sagaNamedBy(saga: (data: never) => string, data: unknown): string | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `from` typed it by the event's payload
    const sagaId: unknown = saga(data as never);
    return !isPromised(sagaId) && typeof sagaId === "string" && isKeyText(sagaId) ? sagaId : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The id of the saga that a message starts: a UUID of version 8 (RFC 9562) with the row's time and a hash of
 * choreography and message, so that every reader of the message computes the same id. It lies in the lane of
 * the message.
 */
function startedSaga(choreography: string, { id, lane, time }: Place, lanes: number): string {
  for (let tried = 0; ; tried += 1) {
    const sagaId = uuidOf(time, hashOf(JSON.stringify([choreography, id, tried])));
    if (laneOf(sagaId, lanes) === lane) return sagaId;
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function uuidOf(timeMs: number, hash: string): string {
  const time = Math.max(0, timeMs).toString(16).padStart(12, "0").slice(-12);
  const variant = (0x8 | (Number.parseInt(hash.slice(3, 4), 16) & 0x3)).toString(16);
  const tail = `8${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail}`;
}
