// Callers that wait for the end of a saga: only they are woken when it goes on, however many others wait.
import { expect, it } from "vitest";
import type { Bell } from "../round/bell.ts";
import { Waiters } from "./waiters.ts";

/** Thousands who wait for a saga each, and how often each one was woken. */
function thousands(): { readonly waiters: Waiters; readonly woken: Map<string, number> } {
  const waiters = new Waiters();
  const woken = new Map<string, number>();
  for (let index = 0; index < 8_000; index += 1) {
    const sagaId = `saga-${index}`;
    const ring = (): void => void woken.set(sagaId, (woken.get(sagaId) ?? 0) + 1);
    const bell: Bell = { ring, wait: () => Promise.resolve() };
    waiters.join(sagaId, bell);
  }
  return { waiters, woken };
}

it("wakes when a saga goes on only those who wait for that one", () => {
  const { waiters, woken } = thousands();
  waiters.ring(["saga-7", "saga-7999", "another"]);
  expect(woken).toEqual(
    new Map([
      ["saga-7", 1],
      ["saga-7999", 1],
    ]),
  );
});

it("wakes for a notice that names no saga a few of all in turn, until each had its turn once", () => {
  const { waiters, woken } = thousands();
  waiters.ring(undefined);
  expect(woken.size).toBeLessThan(500);
  while (woken.size < 8_000) waiters.ring(undefined);
  expect(Math.max(...woken.values())).toBeLessThanOrEqual(2);
});
