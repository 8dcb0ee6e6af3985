// The bodies and parameters of the HTTP API. Amounts are in cents, times by the clock that the name says.
import { z } from "@hono/zod-openapi";
import { RejectionReason, sizes } from "../events/order.ts";

/** Times by the pizza place's own clock, which has no time zone. */
const LocalTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, {
    error: "a local time such as 2015-01-01T12:00:00",
    abort: true,
  })
  .refine((text) => isCalendarTime(text), "a date and time that exist, such as 2015-01-01T12:00:00")
  .openapi({ example: "2015-01-01T12:00:00" });

function isCalendarTime(text: string): boolean {
  const time = new Date(`${text}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

const WantedLine = z
  .strictObject({
    pizza: z.string().min(1).max(40).openapi({ example: "hawaiian" }),
    size: z.enum(sizes),
    quantity: z.int().min(1).max(50),
  })
  .openapi("WantedLine");

/** What is sent to place an order. */
export const OrderForm = z
  .strictObject({
    consumerId: z
      .string()
      .min(1)
      .max(64)
      .regex(/^[\w.-]+$/, "letters, digits, dots, dashes and underscores")
      .openapi({ example: "consumer-0001" }),
    lines: z.array(WantedLine).min(1).max(50),
    placedAt: LocalTime.optional().openapi({
      description: "By the pizza place's own clock; the time of its latest order unless given.",
    }),
  })
  .openapi("OrderForm");
export type OrderForm = z.infer<typeof OrderForm>;

/** What is sent to revise an order. */
export const RevisionForm = z
  .strictObject({
    lines: z.array(WantedLine).min(1).max(50),
    revision: z.int().min(0).optional().openapi({
      description: "The order's revision that you saw: where it is another by now, yours is refused.",
    }),
  })
  .openapi("RevisionForm");

/** An order as it is shown. */
export const Order = z
  .object({
    orderId: z.string(),
    state: z.string().openapi({ example: "APPROVAL_PENDING" }),
    reason: RejectionReason.optional(),
    revision: z.int().openapi({ description: "How often it was revised." }),
    kept: z
      .object({ request: z.string(), reason: z.string() })
      .optional()
      .openapi({ description: "The last request to cancel or to revise that was refused, and why." }),
    consumerId: z.string(),
    placedAt: LocalTime,
    lines: z.array(
      z.object({ pizza: z.string(), size: z.enum(sizes), quantity: z.int(), priceCents: z.int() }),
    ),
    totalCents: z.int(),
    reference: z.string().optional().openapi({ description: "The order's number in the data set." }),
    saga: z.string().openapi({ description: "Where the order's saga is.", example: "/sagas/0190…" }),
  })
  .openapi("Order");

export const OrderPage = z
  .object({
    orders: z.array(Order),
    next: z.string().optional().openapi({ description: "Where the next page is." }),
  })
  .openapi("OrderPage");

const Step = z.object({
  participant: z.string(),
  time: z.iso.datetime(),
  kind: z.string(),
  trigger: z.string(),
  from: z.string(),
  outcome: z.string(),
  to: z.string(),
  emitted: z.array(z.object({ event: z.string(), data: z.unknown() })),
});

export const Saga = z
  .object({
    sagaId: z.string(),
    states: z.record(z.string(), z.string()),
    end: z.string().optional().openapi({ description: "Absent while the saga is under way." }),
    timeline: z.array(Step),
    expected: z.array(
      z.object({
        kind: z.string(),
        what: z.array(z.string()),
        from: z.array(z.string()),
        to: z.string(),
        since: z.iso.datetime(),
        dueAt: z.iso.datetime().optional(),
        where: z.string().optional(),
      }),
    ),
  })
  .openapi("Saga");

export const End = z
  .object({
    sagaId: z.string(),
    end: z.string().optional().openapi({ description: "Absent when the wait was over first." }),
    states: z.record(z.string(), z.string()),
    durationMs: z.number().optional(),
  })
  .openapi("End");

export const Ticket = z.object({ orderId: z.string(), state: z.string() }).openapi("Ticket");

export const MenuBody = z
  .object({
    pizzas: z.array(
      z.object({
        pizza: z.string(),
        title: z.string(),
        category: z.string(),
        sizes: z.array(z.object({ size: z.enum(sizes), priceCents: z.int() })),
      }),
    ),
  })
  .openapi("Menu");

export const Health = z
  .object({
    status: z.enum(["ok", "trouble"]),
    database: z.string(),
    participants: z.array(
      z.object({
        name: z.string(),
        reactions: z.int(),
        commits: z.int(),
        waiting: z.int(),
        parked: z.record(z.string(), z.int()),
        activitiesRunning: z.int(),
        trouble: z.string().optional(),
      }),
    ),
  })
  .openapi("Health");

export const Audit = z
  .object({
    green: z.boolean(),
    orders: z.int(),
    approved: z.int(),
    rejected: z.int(),
    cancelled: z.int(),
    revised: z.int(),
    live: z.int(),
    authorizations: z.int(),
    declined: z.int(),
    reversals: z.int(),
    uncleared: z.int(),
    approvedCents: z.int(),
    authorizedCents: z.int(),
    cancelledCents: z.int(),
    reversedCents: z.int(),
    findings: z.array(z.object({ rule: z.string(), orderId: z.string(), message: z.string() })),
    findingsCount: z.int(),
  })
  .openapi("Audit");

/** An id as a caller may send it. PostgreSQL's text has no NUL: an id with one matches nothing. */
const AskedId = z
  .string()
  .min(1)
  .max(64)
  .refine((id) => !id.includes("\0"), "an id, which has no NUL");

/** The id in a path. */
export const IdParams = z.object({ id: AskedId.openapi({ param: { name: "id", in: "path" } }) });

/** What makes a repeat harmless. */
export const KeyHeaders = z.object({
  "idempotency-key": z
    .string()
    .min(1)
    .max(190)
    .optional()
    .openapi({ description: "A repeat with the same key gets the first answer and has no second effect." }),
});

const wholeNumber = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .optional()
    .transform((value) => value ?? fallback)
    .openapi({ type: "integer", minimum: min, maximum: max, default: fallback });

export const PageQuery = z.strictObject({
  limit: wholeNumber(1, 500, 50),
  before: AskedId.optional().openapi({ description: "Orders with lower ids only." }),
  prefix: AskedId.optional().openapi({
    description: "Orders whose ids begin so only, by id and on one page.",
  }),
});

export const WaitQuery = z.strictObject({
  wait: wholeNumber(0, 60, 30).openapi({ description: "Seconds to wait for an end." }),
});

export const AuditQuery = z.strictObject({
  settled: z
    .enum(["true", "false"])
    .optional()
    .openapi({ description: "Whether a saga under way is a finding." }),
});
