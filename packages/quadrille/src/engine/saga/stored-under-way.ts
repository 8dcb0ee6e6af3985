// How far sagas have come, and which have messages under way, by what their stores say. Engines and operators
// ask the same question here, so that both give the same ends.
import type { Table } from "../../contract/table.ts";
import type { ReactionOfSaga } from "../../store/records.ts";
import type { Inspection, LaneReading } from "../../store/store.ts";
import { consumersOf, isFromElsewhere } from "./under-way.ts";

/** A participant and its store. */
export interface ReadParticipant {
  readonly table: Table;
  readonly store: Pick<Inspection, "reading" | "reactionsOf" | "withParked">;
}

/** The positions that a participant has taken, by lane. */
type Readings = ReadonlyMap<number, LaneReading>;

/** An event for a consumer, and where it stands. */
interface SentEvent {
  readonly sagaId: string;
  readonly consumer: string;
  readonly source: string;
  readonly lane: number;
  readonly position: number;
}

/** A saga, as its journals show it. */
export interface LookedAt {
  /** A message is parked and not discarded, or published and not yet taken. */
  readonly isUnderWay: boolean;
  /** The states in which its last reactions have left its entities, by participant. */
  readonly states: ReadonlyMap<string, string>;
}

/**
 * How far sagas have come, and whether a message of them is under way. `parts` are all participants of their
 * choreography. States that were read before may be older than those found here: a saga that was at an end by
 * them may have left it, and nothing is under way any more.
 *
 * The order of the reads matters. A message that was under way when the positions were read is parked when
 * that is asked, or has been taken since; then what came of it stands in a journal beyond those positions.
 */
export async function lookAtSagas(
  parts: readonly ReadParticipant[],
  sagaIds: readonly string[],
): Promise<ReadonlyMap<string, LookedAt>> {
  if (sagaIds.length === 0) return new Map();
  const readings = await readEach(parts, async ({ store }): Promise<Readings> => {
    return new Map((await store.reading()).map((one) => [one.lane, one]));
  });
  const parked = await readEach(parts, ({ store }) => store.withParked(sagaIds));
  const reactions = await readEach(parts, ({ store }) => store.reactionsOf(sagaIds));
  const untaken = sentEvents(parts, reactions).filter(({ consumer, source, lane, position }) => {
    const taken = readings.get(consumer)?.get(lane)?.inbox.get(source) ?? 0;
    return taken < position;
  });
  const underWay = new Set([
    ...[...parked.values()].flatMap((ids) => [...ids]),
    ...untaken.map(({ sagaId }) => sagaId),
  ]);
  const states = statesAfter(reactions);
  return new Map(
    sagaIds.map((sagaId) => [
      sagaId,
      { isUnderWay: underWay.has(sagaId), states: states.get(sagaId) ?? new Map<string, string>() },
    ]),
  );
}

/** By saga and participant, the state after the last reaction. */
function statesAfter(
  reactions: ReadonlyMap<string, readonly ReactionOfSaga[]>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const states = new Map<string, Map<string, string>>();
  for (const [participant, rows] of reactions) {
    for (const { sagaId, to } of rows) {
      const own = states.get(sagaId) ?? new Map<string, string>();
      states.set(sagaId, own.set(participant, to));
    }
  }
  return states;
}

function sentEvents(
  parts: readonly ReadParticipant[],
  reactions: ReadonlyMap<string, readonly ReactionOfSaga[]>,
): readonly SentEvent[] {
  const consumers = consumersOf(parts.map(({ table }) => table));
  const sent: SentEvent[] = [];
  for (const [participant, rows] of reactions) {
    for (const row of rows) {
      const { sagaId, lane, position, events, trigger, cause } = row;
      for (const consumer of events.flatMap((event) => consumers.get(event) ?? []))
        sent.push({ sagaId, consumer, source: participant, lane, position });
      if (!isFromElsewhere(row, reactions)) continue;
      // The other participants of the choreography take the same events from elsewhere.
      for (const consumer of consumers.get(trigger) ?? []) sent.push({ sagaId, consumer, ...cause });
    }
  }
  return sent;
}

/** What each participant's store says, by participant. */
async function readEach<T>(
  parts: readonly ReadParticipant[],
  read: (part: ReadParticipant) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const answers = await Promise.all(parts.map(async (part) => [part.table.name, await read(part)] as const));
  return new Map(answers);
}
