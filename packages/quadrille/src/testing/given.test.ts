// Handlers tried one by one.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Choice, type Service, service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { defer, ignore, never, on } from "../contract/reaction.ts";
import { all, command, event } from "../contract/trigger.ts";
import { clear, open, opens } from "../../test/locker-choreography.ts";
import { withHandler } from "../../test/with-handler.ts";
import { given } from "./given.ts";

const Asked = event("Asked", z.object({ pizzas: z.number() }));
const Paid = event("Paid", z.object({ cents: z.number() }));
const Made = event("Made", z.object({ pizzas: z.number() }));
const Refused = event("Refused");
const hurry = command("hurry");
const kitchen = participant("Kitchen", {
  entity: "Ticket",
  data: z.object({ pizzas: z.number() }),
  initial: "IDLE",
  states: {
    IDLE: [
      on(Asked, { ok: to("BUSY").emits(Made), no: to("IDLE").emits(Refused) }),
      ignore(Paid),
      defer(Made),
    ],
    BUSY: [on(all(Asked, Paid), to("DONE").emits(Made)), on(hurry, to("BUSY")), ignore(Made)],
    DONE: [never(Paid), ignore(Made), ignore(Asked)],
  },
});
const cook = service(kitchen, {
  handlers: {
    IDLE: {
      Asked: ({ payload: { pizzas }, choose }) =>
        pizzas > 9 ? choose.no() : choose.ok({ Made: { pizzas } }, { data: { pizzas } }),
    },
    BUSY: {
      "Asked+Paid": ({ payload: { Asked: asked, Paid: paid }, entity, choose }) =>
        choose({ Made: { pizzas: asked.pizzas + entity.data.pizzas + paid.cents } }),
    },
  },
});

describe("a handler, given a state", () => {
  it("chooses an outcome and fills in what it emits", () => {
    given(cook, "IDLE")
      .when(Asked, { pizzas: 3 })
      .then("ok", { Made: { pizzas: 3 } });
    given(cook, "IDLE").when(Asked, { pizzas: 12 }).then("no", { Refused: undefined });
    expect(given(cook, "IDLE").when(Asked, { pizzas: 3 })).toMatchObject({
      state: "BUSY",
      data: { pizzas: 3 },
    });
  });

  it("sees whether the saga has entered the state of a shared entity", () => {
    const locked = given(opens, "TAKEN");
    locked.when(open, { locker: "7" }).then("mine");
    locked.when(open, { locker: "7" }, { isOwn: false }).then("no");
    expect(() => locked.when(clear, { locker: "7" }, { isOwn: false })).toThrow("says nothing about clear");
  });

  it("takes all payloads of a join, and the entity's data", () => {
    const payloads = { Asked: { pizzas: 1 }, Paid: { cents: 100 } };
    given(cook, "BUSY", { pizzas: 10 })
      .when(all(Asked, Paid), payloads)
      .then("", { Made: { pizzas: 111 } });
  });

  it("is given the keys, the id and the time that the test names", () => {
    const echo = service(
      participant("Echo", {
        entity: "Echo",
        initial: "none",
        states: { none: [on(Asked, to("HEARD").emits(Paid))], HEARD: [] },
      }),
      {
        handlers: {
          none: {
            Asked: ({ entity, id, now, choose }) =>
              choose({ Paid: { cents: [entity.key, entity.sagaId, id].join() === "k,s,m" ? now : -1 } }),
          },
        },
      },
    );
    given(echo, "none")
      .when(Asked, { pizzas: 1 }, { key: "k", sagaId: "s", id: "m", now: 7 })
      .then({ Paid: { cents: 7 } });
    // @ts-expect-error -- a payload that is none of the trigger's does not compile
    expect(() => given(echo, "none").when(Asked, { pizza: 1 })).toThrow("Asked: pizzas: ");
  });

  it("is checked as by the engine: what it is given, what it holds, emits and keeps", () => {
    const data = (pizzas: unknown): never => ({ pizzas }) as never;
    const wrong = { code: "Q_PAYLOAD_INVALID" };
    expect(() => given(cook, "IDLE").when(Asked, data("3"))).toThrow(expect.objectContaining(wrong));
    expect(() => given(cook, "BUSY", data("3"))).toThrow(expect.objectContaining(wrong));
    const made = (payloads: object, changes?: object): Service =>
      withHandler(cook, { state: "IDLE", trigger: "Asked" }, ({ choose }) =>
        (choose as { ok: (...given: readonly unknown[]) => Choice }).ok(payloads, changes),
      );
    const asked = { pizzas: 3 };
    expect(() => given(made({ Made: data("3") }), "IDLE").when(Asked, asked)).toThrow("Made: pizzas: ");
    const kept = made({ Made: asked }, { data: data("3") });
    expect(() => given(kept, "IDLE").when(Asked, asked)).toThrow("data of Ticket: pizzas: ");
  });

  it("may have nothing to say", () => {
    given(cook, "BUSY", { pizzas: 1 }).when(hurry).then("");
    expect(given(cook, "IDLE").when(Paid, { cents: 1 }).kind).toBe("ignored");
    expect(given(cook, "IDLE").when(Made, { pizzas: 1 }).kind).toBe("deferred");
  });

  it("fails where it came to something else, or the contract does not let it", () => {
    const reacted = given(cook, "IDLE").when(Asked, { pizzas: 3 });
    expect(() => reacted.then("no", { Refused: undefined })).toThrow(/deep-equal|strictly/);
    expect(() => reacted.then("ok", { Made: { pizzas: 4 } })).toThrow(/deep-equal|strictly/);
    expect(() => given(cook, "DONE").when(Paid, { cents: 1 })).toThrow(
      "Kitchen says that Paid never comes in DONE.",
    );
    expect(() => given(cook, "IDLE").when(hurry)).toThrow("Kitchen says nothing about hurry in IDLE.");
  });
});
