// A payload is parsed once, where it enters; afterwards it is validated only. Here in memory; the int test
// has the others.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { payloadWays } from "../../test/payload-once.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { PayloadChecker } from "./message/payload.ts";

describe("a payload in memory", () => {
  it.each(payloadWays)("has been parsed once when it came $name", ({ run, name }) =>
    run(memoryDatabase(), { sagaId: name }),
  );
});

describe("a schema", () => {
  const payloads = new PayloadChecker(1_000);
  const small = z.number().max(100);

  it("that does not accept what it makes of a payload is refused where the payload enters", () => {
    const cents = small.transform((euros) => euros * 100);
    const entering = (): unknown => payloads.enter(cents, { what: "Bought", data: 10 }).data;
    expect(entering).toThrow(expect.objectContaining({ code: "Q_PAYLOAD_INVALID" }));
    expect(entering).toThrow(/^Bought: the schema does not accept what it made of the payload: .*100/);
    expect(payloads.enter(cents, { what: "Bought", data: 0.5 }).data).toBe(50);
  });

  it("changes nothing in what is stored, and refuses what does not fit", () => {
    const trimmed = z.object({ name: z.string().trim() });
    const stored = { name: " Ada ", extra: 1 };
    expect(payloads.accept(trimmed, { what: "Named", data: stored })).toBe(stored);
    expect(Object.isFrozen(stored)).toBe(true);
    expect(() => payloads.accept(trimmed, { what: "Named", data: { name: 1 } })).toThrow(/^Named: name: /);
  });
});
