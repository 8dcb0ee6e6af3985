// Long work shows its progress on a terminal, and ends when its time is over.
import { expect, it } from "vitest";
import { followCheck } from "./check-progress.ts";

function following(seconds: number | undefined) {
  const shown: string[] = [];
  const clock = { now: 0, steady: (): number => clock.now };
  const followed = followCheck({ clock, terminal: { progress: (text) => void shown.push(text) }, seconds });
  const at = (ms: number, states: number): boolean => {
    clock.now = ms;
    return followed.shouldStop({ states, transitions: 0 });
  };
  return { at, shown, followed };
}

it("shows nothing of a check that takes less than a second, then twice a second", () => {
  const { at, shown, followed } = following(undefined);
  for (const [ms, states] of [
    [0, 1],
    [900, 5_000],
    [1_000, 6_000],
    [1_200, 7_000],
    [1_600, 9_000],
  ] as const)
    expect(at(ms, states)).toBe(false);
  expect(shown).toEqual(["6,000 states, 1 s", "9,000 states, 2 s"]);
  followed.done();
  expect(shown.at(-1)).toBe("");
});

it("stops when its time is over", () => {
  const { at } = following(2);
  expect([at(1_999, 1), at(2_000, 1)]).toEqual([false, true]);
});
