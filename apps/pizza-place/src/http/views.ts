// The values of the place as the API shows them.
import type { ParticipantStatus, SagaEnd } from "quadrille";
import type { SagaReport, TimelineEntry } from "quadrille/operations";
import type { z } from "@hono/zod-openapi";
import { sizes } from "../events/order.ts";
import type { MenuItem } from "../order/menu.ts";
import type { OrderView } from "../order/order-book.ts";
import type { PizzaPlace } from "../place.ts";
import type * as schema from "./schemas.ts";

/** As `GET /orders/{id}` shows it. */
export function orderBody(order: OrderView): z.infer<typeof schema.Order> {
  const { orderId, state, reason, revision, kept, consumerId, placedAt, lines, total, reference } = order;
  return {
    orderId,
    state,
    ...(reason === undefined ? {} : { reason }),
    revision,
    ...(kept === undefined ? {} : { kept }),
    consumerId,
    placedAt,
    lines: lines.map(({ price, ...line }) => ({ ...line, priceCents: price })),
    totalCents: total,
    ...(reference === undefined ? {} : { reference }),
    saga: `/sagas/${orderId}`,
  };
}

/** A saga with its timeline. */
export function sagaBody({
  sagaId,
  states,
  end,
  timeline,
  expected,
}: SagaReport): z.infer<typeof schema.Saga> {
  return {
    sagaId,
    states: { ...states },
    ...(end === undefined ? {} : { end }),
    timeline: timeline.map(stepBody),
    expected: expected.map(expectedBody),
  };
}

function expectedBody(
  expected: SagaReport["expected"][number],
): z.infer<typeof schema.Saga>["expected"][number] {
  const { kind, what, from, to, since, dueAt, where } = expected;
  return {
    kind,
    what: [...what],
    from: [...from],
    to,
    since: isoTime(since),
    ...(dueAt === undefined ? {} : { dueAt: isoTime(dueAt) }),
    ...(where === undefined ? {} : { where }),
  };
}

/** One step of a timeline. */
export function stepBody(step: TimelineEntry): z.infer<typeof schema.Saga>["timeline"][number] {
  const { participant, time, kind, trigger, from, outcome, to, emitted } = step;
  const events = emitted.map(({ event, data }) => ({ event, data }));
  return { participant, time: isoTime(time), kind, trigger, from, outcome, to, emitted: events };
}

/** An end that was reached. */
export function endBody({ sagaId, end, states, durationMs }: SagaEnd): z.infer<typeof schema.End> {
  return { sagaId, end, states: { ...states }, ...(durationMs === undefined ? {} : { durationMs }) };
}

/** The menu, one entry a pizza. */
export function menuBody(items: readonly MenuItem[]): z.infer<typeof schema.MenuBody> {
  const pizzas = [...Map.groupBy(items, ({ pizza }) => pizza)].map(([pizza, [first, ...rest]]) => ({
    pizza,
    title: first?.title ?? pizza,
    category: first?.category ?? "",
    sizes: [...(first === undefined ? [] : [first]), ...rest]
      .toSorted((a, b) => sizes.indexOf(a.size) - sizes.indexOf(b.size))
      .map(({ size, price }) => ({ size, priceCents: price })),
  }));
  return { pizzas };
}

/** How the place is. */
export function healthBody(place: PizzaPlace): z.infer<typeof schema.Health> {
  const participants = place.status().map(participantBody);
  const works = participants.every(({ trouble }) => trouble === undefined);
  return { status: works ? "ok" : "trouble", database: place.database, participants };
}

function participantBody(status: ParticipantStatus): z.infer<typeof schema.Health>["participants"][number] {
  const { name, reactions, commits, waiting, parked, activitiesRunning, trouble } = status;
  const counts = { name, reactions, commits, waiting, parked: { ...parked }, activitiesRunning };
  return trouble === undefined ? counts : { ...counts, trouble };
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
