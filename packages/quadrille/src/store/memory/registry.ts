// The owner of the tables in memory, and the position from which each event is read.
import { copied } from "../as-json.ts";
import type { MemoryLane, MemoryTables } from "./tables.ts";
import type { GenerationRecord, SubscriptionRecord } from "../records.ts";
import type { Enrolment, LaneReading, Registry } from "../store.ts";
import { isFinished } from "../subscriptions.ts";

/** The registry of one participant's tables. */
export function memoryRegistry(tables: MemoryTables): Registry {
  const { lanes, generations } = tables;
  return {
    generations: async () => generations.map(copied),
    reading: async () => lanes.map(readingOf),
    enrol: async (enrolment) => enrol(tables, enrolment),
    note: async (strangers) => {
      for (const one of strangers) {
        const all = lanes[one.lane]?.subscriptions;
        const known = all?.get(nameOf(one));
        if (known === undefined || isFinished(known)) all?.set(nameOf(one), copied(one));
      }
    },
    markRun: async (number) => {
      const index = generations.findIndex((one) => one.number === number);
      const found = generations[index];
      if (found !== undefined) generations[index] = { ...found, isRun: true };
    },
  };
}

/** The subscriptions of a lane, by source and event. */
export function subscriptionsOf(lane: MemoryLane): readonly SubscriptionRecord[] {
  return [...lane.subscriptions.values()].map(copied);
}

function readingOf(row: MemoryLane, lane: number): LaneReading {
  const { floor, head, inbox } = row;
  return { lane, floor, head, inbox: new Map(inbox), subscriptions: subscriptionsOf(row) };
}

function enrol({ lanes, generations, parked: rows }: MemoryTables, enrolment: Enrolment): boolean {
  const { generation, inbox, subscriptions, dropped, parked = [] } = enrolment;
  if (generation !== undefined) {
    if (generation.number !== last(generations) + 1) return false;
    generations.push(copied(generation));
    for (const lane of lanes) {
      lane.turn += 1;
      lane.generation = generation.number;
    }
  }
  for (const { lane, source, position } of inbox) lanes[lane]?.inbox.set(source, position);
  for (const one of parked) if (!rows.has(one.id)) rows.set(one.id, copied(one));
  for (const one of dropped) lanes[one.lane]?.subscriptions.delete(nameOf(one));
  for (const one of subscriptions) lanes[one.lane]?.subscriptions.set(nameOf(one), copied(one));
  return true;
}

function last(generations: readonly GenerationRecord[]): number {
  return generations.at(-1)?.number ?? 0;
}

function nameOf({ source, event }: Pick<SubscriptionRecord, "source" | "event">): string {
  return JSON.stringify([source, event]);
}
