// A reader of server-sent events that goes away is followed by nothing.
import { setTimeout as pause } from "node:timers/promises";
import { systemAmbient } from "quadrille";
import { expect, it } from "vitest";
import { place } from "../../test/made-up-place.ts";
import { makeApi } from "./api.ts";

/** A saga that no other has to do with. */
const alone = { choreography: "Create Order", causedBy: [], caused: [] };

/** Looks at the saga that were made until a reader left, and within 200 ms afterwards. */
async function looks(
  leave: (gone: AbortController, body: ReadableStream | null) => void,
): Promise<readonly number[]> {
  let asked = 0;
  const saga = async (sagaId: string) => {
    asked += 1;
    return {
      sagaId,
      states: {},
      end: undefined,
      timeline: [],
      expected: [],
      time: { now: 0, kind: "machine" } as const,
      beganAt: 0,
      enteredAt: 0,
      ...alone,
    };
  };
  const { clock } = systemAmbient();
  const stopping = new AbortController().signal;
  const api = makeApi(place({ saga }), { clock, stopping, log: () => undefined });
  const gone = new AbortController();
  const response = await api.request("/sagas/order-1/events", {
    headers: { host: "localhost:4040" },
    signal: gone.signal,
  });
  await pause(20);
  leave(gone, response.body);
  const before = asked;
  await pause(450);
  return [before, asked - before];
}

it("a reader whose request is aborted is no longer served", async () => {
  expect(await looks((gone) => gone.abort())).toEqual([1, 0]);
});

it("a reader that cancels the stream is no longer served", async () => {
  expect(await looks((_gone, body) => void body?.cancel())).toEqual([1, 0]);
});
