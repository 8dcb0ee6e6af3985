// The rule that names a participant's tables: readable for common names, different for different
// participants.
import { describe, expect, it } from "vitest";
import { participant } from "./participant.ts";
import { schemaName, schemaNameProblem } from "./schema-name.ts";

/** The way back: what makes the rule injective is that there is one. */
function participantOf(schema: string): string {
  const [, first = "", rest = ""] = /^(_.|[^_]?)(.*)$/su.exec(schema) ?? [];
  const begin = first.startsWith("_") ? first.slice(1) : first.toUpperCase();
  return begin + rest.replaceAll(/_(.)/gsu, (_, sign: string) => sign.toUpperCase());
}

describe("the schema's name", () => {
  it.each([
    ["Kitchen", "kitchen"],
    ["OrderLine", "order_line"],
    ["orderLine", "_order_line"],
    ["order_line", "_order__line"],
    ["Order Line", "order _line"],
    ["ORDER", "o_r_d_e_r"],
    ["_Order", "___order"],
    ["Küche", "küche"],
    ["2ndOrder", "2nd_order"],
  ])("for %s is %s", (name, expected) => {
    expect(schemaName(name)).toBe(expected);
  });

  it("is another one for another participant", () => {
    const signs = ["A", "a", "B", "b", "_", " ", "-", "1", "É", "é"];
    const words = signs.flatMap((a) => signs.flatMap((b) => signs.map((c) => a + b + c)));
    const all = [...signs, ...words, ...words.flatMap((word) => signs.map((sign) => word + sign))];
    expect(new Set(all.map(schemaName)).size).toBe(all.length);
    const inAscii = all.filter((name) => !/[^ -~]/.test(name));
    expect(inAscii.filter((name) => participantOf(schemaName(name)) !== name)).toEqual([]);
  });

  it.each([
    ["PgWorker", 'the schema "pg_worker", which begins with "pg_"'],
    ["Public", 'the schema "public", which is a schema that PostgreSQL has already'],
    ["InformationSchema", 'the schema "information_schema", which is a schema'],
    [`Aa${"b".repeat(39)}`, "which has 41 bytes; there is room for 40"],
    [`A${"ü".repeat(20)}`, "which has 41 bytes; there is room for 40"],
    ["Nul\0", "which has a NUL"],
  ])("is refused for %s where the participant is declared", (name, problem) => {
    const declare = (): unknown => participant(name, { entity: "E", initial: "A", states: { A: [] } });
    expect(declare).toThrow(problem);
    expect(declare).toThrow(expect.objectContaining({ code: "Q_CONTRACT_MALFORMED" }));
  });

  it("may have 40 bytes", () => {
    expect(schemaNameProblem(schemaName(`A${"b".repeat(39)}`))).toBeUndefined();
  });
});
