// What must not compile, and what must be inferred: checked by `npm run typecheck`, never run.
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { choreography } from "./choreography.ts";
import { type Handler, service } from "./handler.ts";
import type { Engine } from "../engine/message/api.ts";
import { to } from "./outcome.ts";
import { participant } from "./participant.ts";
import { after, defer, gaveUp, ignore, lock, never, on } from "./reaction.ts";
import { activity, all, command, event, type DataOf, type GivenUp } from "./trigger.ts";

const Ordered = event("Ordered", z.object({ orderId: z.string(), cents: z.int() }));
const Verified = event("Verified", z.object({ cardId: z.string() }));
const Cooked = event("Cooked", z.object({ dish: z.string() }));
const Refused = event("Refused", z.object({ reason: z.string() }));
const Closed = event("Closed");
const place = command("place", z.object({ dish: z.string() }));
const close = command("close");
const charge = activity("charge", z.object({ ok: z.boolean() }));

const cook = participant("Cook", {
  entity: "Dish",
  data: z.object({ dish: z.string() }),
  initial: "NONE",
  states: {
    NONE: [
      on(place, { yes: to("COOKING").emits(Cooked), no: to("DONE").emits(Refused) }),
      on(all(Ordered, Verified), to("COOKING")),
      ignore(Closed),
    ],
    COOKING: lock([on(charge, to("DONE").emits(Cooked)), after("1m", to("DONE")), defer(Closed)]),
    DONE: [on(close, to("DONE").emits(Closed)), never(Closed)],
  },
});

// Inference: payloads, names, states.
expectTypeOf<DataOf<typeof Ordered>>().toEqualTypeOf<{ orderId: string; cents: number }>();
expectTypeOf<DataOf<typeof Closed>>().toEqualTypeOf<undefined>();
expectTypeOf(all(Ordered, Verified).name).toEqualTypeOf<"Ordered+Verified">();
expectTypeOf(to("COOKING").emits(Cooked).emits(Refused).emit).toEqualTypeOf<
  readonly [typeof Cooked, typeof Refused]
>();
expectTypeOf<keyof typeof cook.states>().toEqualTypeOf<"NONE" | "COOKING" | "DONE">();
expectTypeOf(cook.initial).toEqualTypeOf<"NONE">();

// A service with exactly the code that its contract calls for.
service(cook, {
  handlers: {
    NONE: {
      place: ({ payload, entity, id, now, choose }) => {
        expectTypeOf(payload).toEqualTypeOf<{ dish: string }>();
        expectTypeOf(entity.data).toEqualTypeOf<undefined>();
        expectTypeOf(id).toEqualTypeOf<string>();
        return now > 0
          ? choose.yes({ Cooked: { dish: payload.dish } }, { data: payload })
          : choose.no({ Refused: { reason: "closed" } });
      },
      "Ordered+Verified": ({ payload, choose }) => {
        expectTypeOf(payload.Ordered.cents).toEqualTypeOf<number>();
        expectTypeOf(payload.Verified).toEqualTypeOf<{ cardId: string }>();
        return choose({ data: { dish: payload.Ordered.orderId } });
      },
    },
    COOKING: {
      charge: ({ payload, entity, choose }) => {
        expectTypeOf(payload).toEqualTypeOf<{ ok: boolean }>();
        expectTypeOf(entity.data).toEqualTypeOf<{ dish: string }>();
        return choose({ Cooked: entity.data });
      },
      "after 1m": ({ payload, choose }) => {
        expectTypeOf(payload).toEqualTypeOf<undefined>();
        return choose();
      },
    },
  },
  activities: {
    charge: async ({ entity, signal, attempt }) => {
      expectTypeOf(entity.data).toEqualTypeOf<{ dish: string }>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return { ok: attempt > 1 };
    },
  },
});

const place1 = { place: () => ({ outcome: "no" as const, payloads: {} }) };
const charge1 = { COOKING: { charge: () => ({ outcome: "" as const, payloads: {} }) } };
const activities = { charge: async () => ({ ok: true }) };
service(cook, { handlers: { NONE: place1, ...charge1 }, activities });

// @ts-expect-error: the handler of a reaction with two outcomes is missing
service(cook, { handlers: { ...charge1 }, activities });
// @ts-expect-error: the handler of a reaction that emits a payload is missing
service(cook, { handlers: { NONE: place1 }, activities });
// @ts-expect-error: the activity is missing
service(cook, { handlers: { NONE: place1, ...charge1 } });
// @ts-expect-error: there is no code at all
service(cook);

service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the outcome is not one of those declared
    NONE: { place: () => ({ outcome: "maybe" as const, payloads: {} }) },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: there is no such outcome to choose
    NONE: { place: ({ choose }) => choose.maybe() },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the payload of the emitted event is missing
    NONE: { place: ({ choose }) => choose.yes() },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the payload has a wrong type
    NONE: { place: ({ choose }) => choose.yes({ Cooked: { dish: 1 } }) },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: this outcome does not emit that event
    NONE: { place: ({ choose }) => choose.no({ Refused: { reason: "" }, Cooked: { dish: "" } }) },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the entity's new data has a wrong type
    NONE: { place: ({ choose }) => choose.no({ Refused: { reason: "" } }, { data: { dish: 1 } }) },
  },
});
const filling = { Refused: { reason: "" }, data: { dish: "" } };
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the entity's data are not among the payloads, also where they come in a ready-made object
    NONE: { place: ({ choose }) => choose.no(filling) },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: an entity holds no data in its initial state
    NONE: { place: ({ entity, choose }) => choose.yes({ Cooked: { dish: entity.data.dish } }) },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the event's payload has no such field
    NONE: { place: ({ payload, choose }) => choose.no({ Refused: { reason: payload.reason } }) },
  },
});
service(cook, {
  activities,
  handlers: {
    NONE: place1,
    ...charge1,
    // @ts-expect-error: the state has no such reaction
    DONE: { place: () => ({ outcome: "no" as const, payloads: {} }) },
  },
});
service(cook, {
  activities,
  // @ts-expect-error: there is no such state
  handlers: { NONE: place1, ...charge1, ASLEEP: place1 },
});
service(cook, {
  // @ts-expect-error: the activity's result has a wrong type
  activities: { charge: async () => ({ ok: "yes" }) },
  handlers: { NONE: place1, ...charge1 },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: a pure handler does not wait
    NONE: { place: async ({ choose }) => choose.no({ Refused: { reason: "" } }) },
  },
});

// Handlers in the transaction, for one message or for all of a batch.
service(cook, {
  activities,
  handlers: {
    ...charge1,
    NONE: {
      place: {
        transactAll: async (orders, tx) => {
          expectTypeOf(orders[0]?.payload).toEqualTypeOf<{ dish: string } | undefined>();
          const { rows } = await tx.query("select 1");
          return orders.map(({ payload, choose }) => {
            if (payload.dish === "") return new Error("no dish");
            return rows.length > 0 ? choose.yes({ Cooked: payload }) : choose.no({ Refused: { reason: "" } });
          });
        },
      },
    },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: there is no such outcome to choose for one of them
    NONE: { place: { transactAll: async (orders) => orders.map(({ choose }) => choose.maybe()) } },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the payload has a wrong type
    NONE: { place: { transactAll: async (all) => all.map(({ choose }) => choose.yes({ Cooked: 1 })) } },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: one answer is not one for each
    NONE: { place: { transactAll: async ([one]) => one?.choose.no({ Refused: { reason: "" } }) } },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the outcome is not one of those declared
    NONE: { place: { transactAll: async (all) => all.map(() => ({ outcome: "maybe", payloads: {} })) } },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: the outcome is not one of those declared
    NONE: { place: { transact: async () => ({ outcome: "maybe", payloads: {} }) } },
  },
});
service(cook, {
  activities,
  handlers: {
    ...charge1,
    // @ts-expect-error: a message's error is for a set of them; one alone throws
    NONE: { place: { transact: async () => new Error("no dish") } },
  },
});

// Participants.
participant("P", {
  entity: "E",
  initial: "A",
  // @ts-expect-error: an outcome goes to a state that does not exist
  states: { A: [on(Closed, to("NOWHERE"))] },
});
participant("P", {
  entity: "E",
  // @ts-expect-error: the initial state is not one of the states
  initial: "B",
  states: { A: [on(Closed, to("A"))] },
});
// @ts-expect-error: a command cannot be deferred, it is refused
defer(close);
// @ts-expect-error: a deadline needs a number and a unit
after("soon", to("A"));
// @ts-expect-error: a join is of two events or more
all(Ordered);
on(all(Ordered, Verified), to("READY"), { rests: true });
// @ts-expect-error: only a join may rest
on(Ordered, to("READY"), { rests: true });
// @ts-expect-error: the key comes from a field that the payload does not have
on(Ordered, to("A"), { by: (data) => data.guestId });

// Choreographies.
choreography("Dinner", {
  participants: [cook],
  ends: { done: { Cook: "DONE", tally: { held: 1 } }, late: { Cook: ["COOKING", "DONE"] } },
  forbidden: { "states of a later version": { Cook: "BURNT" } },
});
// @ts-expect-error: an end names a state that does not exist
choreography("Dinner", { participants: [cook], ends: { done: { Cook: "BURNT" } } });
// @ts-expect-error: an end names one of several states that does not exist
choreography("Dinner", { participants: [cook], ends: { done: { Cook: ["DONE", "BURNT"] } } });
// @ts-expect-error: an end names a participant that does not take part
choreography("Dinner", { participants: [cook], ends: { done: { Guest: "FED" } } });
// @ts-expect-error: a forbidden combination names a participant that does not take part
choreography("Dinner", { participants: [cook], ends: {}, forbidden: { rule: { Guest: "FED" } } });
// @ts-expect-error: a public event is an event and not a name
choreography("Dinner", { participants: [cook], ends: {}, publicEvents: ["Cooked"] });
// @ts-expect-error: a budget is a number or "unbounded"
choreography("Dinner", { participants: [cook], ends: {}, commands: { place: "often" } });

// A call that is given up has a handler of its own where its outcome carries data, and that says why.
const asks = participant("Asks", {
  entity: "Question",
  initial: "NONE",
  states: {
    NONE: [on(close, to("ASKING"))],
    ASKING: [on(charge, to("DONE")), gaveUp(charge, to("DONE").emits(Refused))],
    DONE: [],
  },
});
service(asks, {
  handlers: {
    ASKING: {
      "charge gave up": ({ payload, choose }) => {
        expectTypeOf(payload).toEqualTypeOf<GivenUp>();
        return choose({ Refused: { reason: payload.error.message } });
      },
    },
  },
  activities: { charge: async () => ({ ok: true }) },
});
// @ts-expect-error -- the outcome of a call that was given up carries data, so a handler has to give them
service(asks, { activities: { charge: async () => ({ ok: true }) } });

// An event may be called `data`: the entity's data have a place of their own.
const odd = participant("Odd", {
  entity: "Odd",
  data: z.object({ count: z.int() }),
  initial: "NONE",
  states: { NONE: [on(close, to("NONE").emits(event("data", z.string())))] },
});
service(odd, {
  handlers: { NONE: { close: ({ choose }) => choose({ data: "an event" }, { data: { count: 1 } }) } },
});

// A join may have a name of its own, which does not change when its events are put in another order.
const waits = participant("Waits", {
  entity: "Wait",
  data: z.object({ orderId: z.string() }),
  initial: "NONE",
  states: { NONE: [on(all(Verified, Ordered), to("READY"), { as: "ready" })], READY: [] },
});
service(waits, {
  handlers: {
    NONE: {
      ready: ({ payload, choose }) => {
        expectTypeOf(payload.Verified).toEqualTypeOf<{ cardId: string }>();
        return choose({ data: { orderId: payload.Ordered.orderId } });
      },
    },
  },
});
service(waits, {
  // @ts-expect-error: with a name of its own it is not found under those of its events
  handlers: { NONE: { "Verified+Ordered": ({ choose }) => choose() } },
});

// Code may be left out where there is nothing to choose and nothing to fill in.
service(waits);
// @ts-expect-error: this contract needs code
service(cook);
choreography("Dinner", { participants: [cook], ends: {}, commands: { place: 2, close: "unbounded" } });
// @ts-expect-error: a budget is of a command that some participant takes
choreography("Dinner", { participants: [cook], ends: {}, commands: { plaice: 2 } });

declare const engine: Engine;
void engine.send(close);
void engine.send(close, { sagaId: "1" });
void engine.send(place, { dish: "soup" }, { sagaId: "1" });
// @ts-expect-error: a command without a schema carries no data
void engine.send(close, { dish: "soup" });
// @ts-expect-error: a command with a schema carries data
void engine.send(place);

// One handler, written apart from its service.
const apart: Handler<typeof cook, "NONE", "place"> = ({ payload, choose }) =>
  choose.yes({ Cooked: payload }, { data: payload });
service(cook, { activities, handlers: { NONE: { place: apart }, ...charge1 } });
// @ts-expect-error: the outcome is not one of those declared
const wrong: Handler<typeof cook, "NONE", "place"> = ({ choose }) => choose.maybe();
void wrong;
