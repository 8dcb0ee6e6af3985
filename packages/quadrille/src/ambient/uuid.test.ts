// Ids: the form of RFC 9562, and rising whatever the clock does.
import { expect, it } from "vitest";
import { uuidV7 } from "./uuid.ts";

it("makes UUIDs of version 7 that begin with the time", () => {
  const id = uuidV7(
    () => 0x0123_4567_89ab,
    (bytes) => bytes.fill(0xff),
  );
  expect(id()).toBe("01234567-89ab-7000-bfff-ffffffffffff");
  expect(id()).toBe("01234567-89ab-7001-bfff-ffffffffffff");
});

it("makes an id that fits by another last byte", () => {
  const id = uuidV7(
    () => 0x0123_4567_89ab,
    (bytes) => bytes.fill(0xff),
  );
  expect(id((head) => (last) => `${head}${last}`.endsWith("07"))).toBe(
    "01234567-89ab-7000-bfff-ffffffffff07",
  );
  expect(id(() => (last) => last === "ff")).toBe("01234567-89ab-7001-bfff-ffffffffffff");
  expect(id(() => () => false)).toMatch(/^01234567-89ab-7002-bfff-ffffffffff..$/);
});

it("makes ids that rise, more of them than a millisecond has numbers, and when the clock goes back", () => {
  let now = 1_000_000;
  const id = uuidV7(
    () => now,
    (bytes) => bytes.fill(0),
  );
  const ids = Array.from({ length: 5_000 }, () => id());
  now -= 500;
  ids.push(id());
  expect(ids).toEqual([...new Set(ids)].toSorted());
});
