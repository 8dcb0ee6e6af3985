// Whose handler it is, where the names of states and triggers have spaces.
import { describe, expect, it } from "vitest";
import { World } from "../../test/engine-world.ts";
import { choreography } from "../contract/choreography.ts";
import { service } from "../contract/handler.ts";
import { to } from "../contract/outcome.ts";
import { participant } from "../contract/participant.ts";
import { ignore, on } from "../contract/reaction.ts";
import { command } from "../contract/trigger.ts";

const begin = command("begin");
const first = command("payment received");
const second = command("received");
const till = participant("Till", {
  entity: "Bill",
  initial: "none",
  states: {
    none: [on(begin, { a: to("Pending"), b: to("Pending payment") })],
    Pending: [on(first, { yes: to("YES"), no: to("NO") })],
    "Pending payment": [on(second, { yes: to("YES"), no: to("NO") }), ignore(begin)],
    YES: [],
    NO: [],
  },
});
const bill = choreography("Bill", { participants: [till], ends: { over: { Till: ["YES", "NO"] } } });

describe("a handler", () => {
  it("is found by its state and its trigger, whatever their names have in common", async () => {
    const code = service(till, {
      handlers: {
        none: { begin: ({ choose }) => choose.a() },
        Pending: { "payment received": ({ choose }) => choose.yes() },
        "Pending payment": { received: ({ choose }) => choose.no() },
      },
    });
    await using world = new World({ choreography: bill, services: [code] });
    const engine = await world.start();
    await engine.send(begin, { sagaId: "s" });
    expect(await engine.send(first, { sagaId: "s" })).toMatchObject({
      state: "YES",
      outcome: "yes",
    });
  });
});
