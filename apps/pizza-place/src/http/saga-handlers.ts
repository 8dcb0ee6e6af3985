// The routes for sagas: read a timeline, wait for an end, follow the steps as server-sent events.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import type { SagaReport } from "quadrille/operations";
import type { PizzaPlace } from "../place.ts";
import type { ReplayClock } from "../replay/replay-place.ts";
import { unknownId } from "./order-handlers.ts";
import * as routes from "./routes.ts";
import { endBody, sagaBody, stepBody } from "./views.ts";

/** How often a followed saga is looked at. */
const followMs = 200;

/** What the routes need besides the place. */
export interface SagaRouteParts {
  readonly clock: ReplayClock;
  /** Aborts when the server stops: pending long polls end. */
  readonly stopping: AbortSignal;
}

/** Adds the routes to the API. */
export function addSagaRoutes(
  api: OpenAPIHono,
  place: PizzaPlace,
  { clock, stopping }: SagaRouteParts,
): void {
  const find = async (sagaId: string): Promise<SagaReport> => {
    const saga = await place.saga(sagaId);
    if (saga === undefined) throw unknownId("saga", sagaId);
    return saga;
  };
  api.openapi(routes.readSaga, async (c) => c.json(sagaBody(await find(c.req.valid("param").id)), 200));
  api.openapi(routes.awaitEnd, async (c) => {
    const { id } = c.req.valid("param");
    await find(id);
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, stopping, c.req.raw.signal]);
    const limit = clock.sleep(c.req.valid("query").wait * 1_000, signal).then(() => over.abort());
    const end = await place.ended(id, signal);
    over.abort();
    await limit;
    if (end !== undefined) return c.json(endBody(end), 200);
    const { sagaId, states } = await find(id);
    return c.json({ sagaId, states: { ...states } }, 202);
  });
  api.openapi(routes.followSaga, async (c) => {
    const first = await find(c.req.valid("param").id);
    const sent = Number(c.req.header("last-event-id") ?? "0");
    const gone = new AbortController();
    const signal = AbortSignal.any([stopping, c.req.raw.signal, gone.signal]);
    const pause = () => clock.sleep(followMs, signal);
    return streamSSE(c, async (stream) => {
      stream.onAbort(() => gone.abort());
      for await (const event of eventsOf(first, { sent, find, pause, signal })) {
        if (signal.aborted) break;
        await stream.writeSSE(event);
      }
    });
  });
}

interface Following {
  /** The number of steps already sent. */
  readonly sent: number;
  readonly find: (sagaId: string) => Promise<SagaReport>;
  readonly pause: () => Promise<void>;
  /** Aborts when the reader has gone or the server stops. */
  readonly signal: AbortSignal;
}

interface ServerSentEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Each step of the timeline once, in order, then the end. */
async function* eventsOf(
  first: SagaReport,
  { sent, find, pause, signal }: Following,
): AsyncGenerator<ServerSentEvent> {
  let next = Number.isSafeInteger(sent) && sent > 0 ? sent : 0;
  let saga = first;
  for (;;) {
    for (const step of saga.timeline.slice(next)) {
      next += 1;
      yield { event: "reaction", id: String(next), data: JSON.stringify(stepBody(step)) };
    }
    if (saga.end !== undefined) break;
    await pause();
    // After an abort a pause no longer waits, so without this the loop would spin.
    if (signal.aborted) return;
    saga = await find(saga.sagaId);
  }
  const { sagaId, end, states } = saga;
  yield { event: "end", id: String(next), data: JSON.stringify({ sagaId, end, states }) };
}
