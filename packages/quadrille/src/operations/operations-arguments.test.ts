// Operations that are called with what they do not take say so in a sentence, and do nothing.
import { describe, expect, it } from "vitest";
import { choreography } from "../../test/operated-places.ts";
import { World } from "../../test/engine-world.ts";
import { scriptedServices } from "../testing/scripted.ts";
import type { Operations } from "./api.ts";
import { openOperations } from "./operations.ts";

async function opened(): Promise<Operations> {
  const services = scriptedServices(choreography, { choose: ({ outcomes }) => outcomes[0] ?? "" });
  await using here = new World({ choreography, services });
  await here.start();
  return await openOperations({ choreography, database: here.database });
}

/** As a module without types calls them. */
type Untyped = Record<
  "parked" | "sagas" | "redrive" | "redriveAll" | "discard",
  (...given: unknown[]) => unknown
>;

describe("an operation", () => {
  it.each<[keyof Untyped, readonly unknown[], string]>([
    ["parked", [{ limit: -1 }], "parked: its limit is a whole number from 0, not the number -1."],
    ["parked", [{}], "parked: its limit is a whole number from 0, not nothing."],
    ["sagas", [{ limit: 1.5 }], "sagas: its limit is a whole number from 0, not the number 1.5."],
    ["sagas", [{ limit: Number.NaN }], "sagas: its limit is a whole number from 0, not the number NaN."],
    ["redrive", ["Order", undefined], "redrive: the id of a parked message is a text, not nothing."],
    [
      "redriveAll",
      [],
      "redriveAll takes an object, { participant, reason, trigger, code, callAgain }, not nothing.",
    ],
    ["discard", ["Order", "x"], "discard: its reason is a text of 1 to 2000 characters, not nothing."],
    [
      "discard",
      ["Order", "x", ""],
      "discard: its reason is a text of 1 to 2000 characters, not an empty text.",
    ],
    [
      "discard",
      ["Order", "x", "y".repeat(9_000)],
      "discard: its reason is a text of 1 to 2000 characters, not one of 9000.",
    ],
  ])("%s is refused with %j", async (name, given, message) => {
    const operations = (await opened()) as unknown as Untyped;
    const refused = Promise.resolve().then(() => operations[name](...given));
    await expect(refused).rejects.toMatchObject({ code: "Q_ARGUMENT_INVALID", message });
  });
});
