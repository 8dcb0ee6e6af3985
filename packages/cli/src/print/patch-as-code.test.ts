// Patches as their author would write them.
import { describe, expect, it } from "vitest";
import { asCode, asJsonPatch } from "./patch-as-code.ts";

const at = "/participants/Room/states/FREE/on/Used";

describe("a patch in code", () => {
  it.each<[unknown, string]>([
    ["ignore", "ignore(Used)"],
    ["defer", "defer(Used)"],
    [[{ to: "HELD" }], 'on(Used, to("HELD"))'],
    [
      [{ to: "HELD", emit: ["Held", "Sent"], tally: { held: -1 } }],
      'on(Used, to("HELD").emits(Held, Sent).tallies({ held: -1 }))',
    ],
    [
      [
        { to: "BOOKED", choice: "own", saga: "own" },
        { to: "HELD", choice: "other", saga: "other", rearm: true },
      ],
      'on(Used, { own: to("BOOKED").ifOwn(), other: to("HELD").rearms().ifOther() })',
    ],
  ])("says %j in the words of the library", (value, sentence) => {
    expect(asCode({ op: "replace", path: at, value })).toBe(`in Room, FREE: ${sentence}`);
  });

  it("stands beside the join of which the place is a partial state", () => {
    const path = "/participants/Room/states/FREE+Used/on/Used";
    expect(asCode({ op: "replace", path, value: "ignore" })).toBe("in Room, FREE: ignore(Used)");
  });

  it("lists an event as public", () => {
    expect(asCode({ op: "add", path: "/publicEvents/-", value: "Sold" })).toBe("add to publicEvents: Sold");
  });

  it("is JSON Patch where it is about something else", () => {
    const end = { op: "add", path: "/ends/-", value: { name: "done", states: {} } } as const;
    expect(asCode(end)).toBe(asJsonPatch(end));
    expect(asJsonPatch(end)).toBe('add /ends/- {"name":"done","states":{}}');
  });
});
