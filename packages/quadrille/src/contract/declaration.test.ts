// What is declared with something that is no name, or no schema, is refused where it is declared.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { participant } from "./participant.ts";
import { activity, command, event } from "./trigger.ts";
import { versioned } from "./versioned.ts";

const shape = { dog: z.string() };
const no: never = shape as never;
const schema = z.object(shape);

describe("a declaration", () => {
  it.each<[string, () => unknown, string]>([
    ["of an event", () => event("Asked", no), "event(Asked, …)"],
    ["of a command", () => command("ask", no), "command(ask, …)"],
    [
      "of a participant",
      () => participant("Desk", { entity: "Desk", initial: "none", states: { none: [] }, data: no }),
      "data of Desk",
    ],
    ["of a version", () => versioned(no, (data: never) => data), "versioned(…)"],
  ])("refuses a shape of zod instead of a schema: %s", (_, declared, where) => {
    const message = `${where}: a schema is a Standard Schema, such as z.object({ … }) of zod, not an object.`;
    expect(declared).toThrow(expect.objectContaining({ code: "Q_CONTRACT_MALFORMED", message }));
  });

  it.each<[string, () => unknown]>([
    ["event", () => event(undefined as never)],
    ["command", () => command(undefined as never)],
    ["activity", () => activity(undefined as never)],
  ])("has a name: %s", (what, declared) => {
    expect(declared).toThrow(`${what}(…): a name is a text, not nothing.`);
  });

  it("takes upcasters that are functions", () => {
    expect(() => versioned(schema, 7 as never)).toThrow(
      "versioned(…): an upcaster is a function, not the number 7.",
    );
  });

  it("takes a schema that is a function", () => {
    const called = Object.assign(() => undefined, { "~standard": schema["~standard"] });
    expect(event("Asked", called)).toMatchObject({ name: "Asked" });
  });
});
