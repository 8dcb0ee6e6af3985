// can-deploy compares payload schemas as well as states.
import { choreography, type Choreography, command, event, on, participant, type Schema, to } from "quadrille";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { inCents, inCentsOnly, inEuros } from "../../../quadrille/test/paying-versions.ts";
import { fromJson, toJson } from "quadrille/tooling";
import { payloadChanges } from "./payload-changes.ts";

const fitsOf = (changes: ReturnType<typeof payloadChanges>): Readonly<Record<string, string>> =>
  Object.fromEntries(changes.map(({ what, fits }) => [what, fits]));

describe("stored payloads", () => {
  const running = [inEuros().choreography];

  it("fit the version that wrote them, and one that has upcasters", () => {
    const all = { Paid: "yes", "data of Till": "yes", "data of Book": "yes" };
    expect(fitsOf(payloadChanges(running, inEuros().choreography))).toEqual(all);
    expect(fitsOf(payloadChanges(running, inCents().choreography))).toEqual(all);
  });

  it("do not fit a schema that wants more, nor an earlier version", () => {
    const changes = payloadChanges(running, inCentsOnly().choreography);
    expect(fitsOf(changes)).toEqual({ Paid: "no", "data of Till": "no", "data of Book": "yes" });
    expect(changes[0]?.reason).toBe("currency is required, and may be missing in what is stored");
    const back = payloadChanges([inCents().choreography], inEuros().choreography);
    expect(back[0]).toMatchObject({
      what: "Paid",
      fits: "no",
      reason: "version 2 is stored, and this is version 1",
    });
  });

  it("do not fit a schema that has a new default: it fills in nothing that is stored", () => {
    const paid = (schema: Schema<unknown>): Choreography => {
      const till = participant("Till", {
        entity: "Till",
        data: schema,
        initial: "none",
        states: { none: [on(command("pay"), to("PAID").emits(event("Paid", schema)))], PAID: [] },
      });
      return choreography("Pay", { participants: [till], ends: { paid: { Till: "PAID" } } });
    };
    const next = paid(z.object({ owner: z.string(), currency: z.string().default("EUR") }));
    const changes = payloadChanges([paid(z.object({ owner: z.string() }))], next);
    expect(fitsOf(changes)).toEqual({ Paid: "no", "data of Till": "no" });
    expect(changes[0]?.reason).toContain("currency");
  });

  it("are unknown where a contract is data", () => {
    const changes = payloadChanges(running, undefined);
    expect(changes).toMatchObject([{ what: "payloads", fits: "unknown" }]);
    const bare = fromJson(toJson(inEuros().choreography));
    expect(fitsOf(payloadChanges([bare], inEuros().choreography))).toMatchObject({ Paid: "unknown" });
  });
});
