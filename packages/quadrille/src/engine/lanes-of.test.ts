// How many lanes an engine has where the program does not say.
import { expect, it } from "vitest";
import { reference } from "../../test/reference-choreographies.ts";
import { fromJson } from "../contract/json/from-json.ts";
import { memoryDatabase } from "../store/memory/memory-database.ts";
import { lanesOf } from "./lanes-of.ts";

it("tables without lanes, as a start that was killed leaves them, get lanes as new ones do", async () => {
  const database = { ...memoryDatabase(), lanesMade: async () => 0 };
  expect(await lanesOf({ database }, [fromJson(reference("create-order"))])).toBe(1);
});
