// A URL that cannot be read is refused without showing any part of it.
import { describe, expect, it } from "vitest";
import { assertPostgresUrl, databaseLabel } from "./postgres-url.ts";

describe("a database URL", () => {
  it.each([
    "postgres://me@localhost/shop",
    "postgresql://me:secret@db.example:6543/shop?sslmode=require",
    "postgres://me:a%2Fb%23c%40d@localhost/shop",
    "postgres://me@localhost",
    "postgres://localhost/shop?password=a@b",
  ])("%s is read", (url) => {
    expect(() => assertPostgresUrl(url)).not.toThrow();
    expect(databaseLabel(url)).not.toMatch(/secret|a%2F|a@b/);
  });

  it.each([
    "mysql://me@localhost/shop",
    "not a url",
    "postgres://me:12/hidden@localhost/shop",
    "postgres://me:12#hidden@localhost/shop",
    "postgres://me:hidden/12@localhost/shop",
    "postgres://me:12?hidden@localhost/shop#x",
  ])("%s is refused, and stays out of the message", (url) => {
    const refused = (): void => assertPostgresUrl(url);
    expect(refused).toThrow(/^(?!.*hidden).*cannot be read: write it as.*%2F/);
  });
});
