// The owners of lanes within a process keep every promise of owners.
import { describe, expect, it } from "vitest";
import { ownersConformance } from "../testing/owners-conformance.ts";
import { localOwners } from "./local-owners.ts";

describe("the owners of lanes within a process", () => {
  for (const { name, run } of ownersConformance) {
    it(name, async () => {
      const owners = localOwners();
      await run({ owners: [owners, owners], until: (assertion) => assertion() });
      expect(
        await owners.join({ lanes: new Map(), onLost: () => undefined, onChange: () => undefined }).look(),
      ).toBeDefined();
    });
  }
});
