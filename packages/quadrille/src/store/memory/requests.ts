// Requests in memory: commands for the owner of their lane.
import { copied, jsonBytes } from "../as-json.ts";
import type { MemoryTables } from "./tables.ts";
import type { RequestRecord } from "../records.ts";
import type { ReadLimit, Requests } from "../store.ts";

/** The requests of one participant's tables. */
export function memoryRequests({ requests }: MemoryTables): Requests {
  return {
    leave: async (left) => {
      for (const record of left) {
        if (!requests.has(record.id)) requests.set(record.id, { record: copied(record), answer: undefined });
      }
    },
    open: async (lanes, limit) => {
      const open = [...requests.values()].filter(
        ({ record, answer }) => lanes.includes(record.lane) && answer === undefined,
      );
      return within(
        open.map(({ record }) => record),
        limit,
      ).map(copied);
    },
    answers: async (ids) => {
      const found = ids.flatMap((id) => {
        const request = requests.get(id);
        return request === undefined
          ? []
          : [[id, request.answer === undefined ? undefined : copied(request.answer)] as const];
      });
      return new Map(found);
    },
    withdraw: async (ids) =>
      ids.filter((id) => {
        const request = requests.get(id);
        requests.delete(id);
        return request !== undefined && request.answer === undefined;
      }),
    sweep: async (lane, before) => {
      for (const [id, { record, answer }] of requests)
        if (record.lane === lane && record.time < before && answer !== undefined) requests.delete(id);
    },
  };
}

function within(records: readonly RequestRecord[], { rows, bytes }: ReadLimit): readonly RequestRecord[] {
  const page: RequestRecord[] = [];
  let left = bytes;
  for (const record of records.slice(0, rows)) {
    if (left <= 0) break;
    left -= jsonBytes(record.content);
    page.push(record);
  }
  return page;
}
