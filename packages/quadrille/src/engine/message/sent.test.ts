// What follows a command: data and options, or options alone where it carries no data.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { command } from "../../contract/trigger.ts";
import { sentOf } from "./sent.ts";

const open = command("open");
const order = command("order", z.object({ dish: z.string() }));

describe("what is sent", () => {
  it.each([
    [open, [], { data: undefined, options: {} }],
    [open, [{ sagaId: "s" }], { data: undefined, options: { sagaId: "s" } }],
    [open, [undefined, { sagaId: "s" }], { data: undefined, options: { sagaId: "s" } }],
    [order, [{ dish: "soup" }], { data: { dish: "soup" }, options: {} }],
    [order, [{ dish: "soup" }, { sagaId: "s" }], { data: { dish: "soup" }, options: { sagaId: "s" } }],
    [order, [{ sagaId: "s" }], { data: { sagaId: "s" }, options: {} }],
  ] as const)("of %j with %j", (given, rest, sent) => {
    expect(sentOf(given, rest)).toEqual(sent);
  });

  it.each([
    [{ dish: "soup" }, "dish"],
    ["soup", "0"],
    [7, "7"],
  ])("of a command that carries no data is refused: %j", (data, what) => {
    expect(() => sentOf(open, [data])).toThrow(
      `open is sent with ${what}, which is no option. A command without a schema carries no data: give it one where it is declared.`,
    );
  });

  it.each([
    [{ sagaId: null }, "sagaId is a text, not null."],
    [{ sagaId: 5 }, "sagaId is a text, not the number 5."],
    [{ idempotencyKey: {} }, "idempotencyKey is a text, not an object."],
    [{ idempotencyFingerprint: 1n }, "idempotencyFingerprint is a text, not a bigint."],
    [{ trace: [] }, "trace is a text, not an empty list."],
    [{ signal: {} }, "signal is an AbortSignal, not an object."],
  ])("with an option of another kind is refused: %o", (options, sentence) => {
    expect(() => sentOf(open, [options])).toThrow(`send: ${sentence}`);
  });

  it.each([undefined, null, "open", {}, z.string()])("is a command: %o is refused", (given) => {
    expect(() => sentOf(given as never, [])).toThrow(/^send takes what command\("…"\) returns, not /);
  });
});
