// The bounded map: what it keeps, what it forgets, and the notification of what it forgets.
import { describe, expect, it } from "vitest";
import { RecentMap } from "./recent-map.ts";

function filled(max: number, count: number): { readonly map: RecentMap<number>; readonly dropped: string[] } {
  const dropped: string[] = [];
  const map = new RecentMap<number>(max, (key) => dropped.push(key));
  for (let index = 0; index < count; index += 1) map.set(`k${index}`, index);
  return { map, dropped };
}

describe("a recent map", () => {
  it("keeps the newest half of its size at least, and never more than its size", () => {
    const { map } = filled(10, 1_000);
    expect([995, 996, 997, 998, 999].map((index) => map.get(`k${index}`))).toEqual([995, 996, 997, 998, 999]);
    expect(map.get("k900")).toBeUndefined();
    expect(map.size).toBeLessThanOrEqual(10);
  });

  it("keeps what is read again and again", () => {
    const { map, dropped } = filled(10, 1);
    for (let index = 1; index < 500; index += 1) {
      map.set(`k${index}`, index);
      expect(map.get("k0")).toBe(0);
    }
    expect(dropped).not.toContain("k0");
  });

  it("notifies of each key it forgets, once", () => {
    const { map, dropped } = filled(10, 200);
    expect(new Set(dropped).size).toBe(dropped.length);
    for (let index = 0; index < 200; index += 1) {
      expect(map.get(`k${index}`) === undefined).toBe(dropped.includes(`k${index}`));
    }
  });

  it("has the last value of a key, and none after its deletion", () => {
    const { map } = filled(10, 7);
    map.set("k1", 100);
    expect(map.get("k1")).toBe(100);
    map.delete("k1");
    expect(map.get("k1")).toBeUndefined();
  });
});
