// What the set-up of Debian packages does on machines that have, lack, may and may not install them.
import { describe, expect, it } from "vitest";
import { ensureDebian, type Machine } from "./debian.ts";

/** A machine that has some commands, and gains those of the packages that apt offers it. */
function machine(options: {
  readonly isRoot: boolean;
  readonly has: string[];
  readonly offers?: readonly string[];
}) {
  const calls: string[] = [];
  const has = new Set(options.has);
  const fake: Machine = {
    isRoot: options.isRoot,
    run: (program, args) => {
      if (program === "sh") return has.has(args.at(-1) ?? "") ? 0 : 1;
      calls.push([program, ...args].join(" "));
      for (const name of args) if (options.offers?.includes(name)) has.add(name);
      return 0;
    },
  };
  return { fake, calls };
}

describe("ensureDebian", () => {
  it("does nothing when every command is there", () => {
    const { fake, calls } = machine({ isRoot: false, has: ["spin", "go"] });
    ensureDebian(["spin", "golang-go:go"], fake);
    expect(calls).toEqual([]);
  });

  it("installs only what is missing, as root", () => {
    const { fake, calls } = machine({ isRoot: true, has: ["apt-get", "gcc"], offers: ["spin"] });
    ensureDebian(["gcc", "spin"], fake);
    expect(calls).toEqual(["apt-get update", "apt-get install -y --no-install-recommends spin"]);
  });

  it("says the command that fixes it when it may not install", () => {
    const { fake, calls } = machine({ isRoot: false, has: ["apt-get"] });
    expect(() => ensureDebian(["spin", "gcc"], fake)).toThrow(
      "run `apt-get update && apt-get install -y spin gcc` as root",
    );
    expect(calls).toEqual([]);
  });

  it("says so when the installation did not bring the command", () => {
    const { fake } = machine({ isRoot: true, has: ["apt-get"] });
    expect(() => ensureDebian(["spin"], fake)).toThrow("Installing spin failed");
  });
});
