// A list of findings is read by people: one sentence for one cause, at most ten names.
import { describe, expect, it } from "vitest";
import type { Finding } from "../model/finding.ts";
import { groupFindings } from "./group-findings.ts";

const lacks = ([participant, state, event]: [string, string, string], length = 1): Finding => ({
  code: "P1",
  severity: "error",
  message: `${event} may reach ${participant} in ${state}, which does not handle it`,
  at: `/participants/${participant}/states/${state}/on/${event}`,
  path: Array.from({ length }, () => ({
    kind: "command",
    saga: 1,
    participant,
    entity: participant,
    trigger: "go",
    from: "s",
    to: "s",
    takes: false,
    publishes: [],
    at: "",
  })),
});

describe("findings of one cause", () => {
  it("are one sentence with their states and events", () => {
    const found = [
      lacks(["A", "s", "X"], 2),
      lacks(["A", "s", "Y"]),
      lacks(["A", "t", "X"]),
      lacks(["B", "s", "X"]),
    ];
    expect(groupFindings(found).map(({ message, details }) => [message, details])).toEqual([
      ["A says nothing about 2 events that may come in 2 states", ["in s: X and Y", "in t: X"]],
      ["X may reach B in s, which does not handle it", []],
    ]);
  });

  it("name ten states and ten events, and count the others", () => {
    const many = Array.from({ length: 12 }, (_, state) =>
      Array.from({ length: 13 }, (_, event) => lacks(["A", `s${state}`, `E${event}`])),
    ).flat();
    const [group] = groupFindings(many);
    expect(group?.details).toHaveLength(11);
    expect(group?.details[0]).toMatch(/E9 and 3 more$/);
    expect(group?.details.at(-1)).toBe("and 2 more");
  });
});
