// Which statements a handler may not use, however they are written.
import { describe, expect, it } from "vitest";
import { controlWord } from "./sql-control.ts";

describe("a statement of a handler", () => {
  it.each([
    ["commit", "commit"],
    ["  COMMIT;", "commit"],
    ["-- a remark\ncommit", "commit"],
    ["-- a remark\rcommit", "commit"],
    ["-- a remark\r\n-- another\n;commit", "commit"],
    ["/* a /* nested */ remark */ rollback to savepoint mine", "rollback"],
    ["/**/ /* -- */ set search_path = nowhere", "set"],
    ["set constraints all immediate", "set"],
    ["copy own from stdin", "copy with stdin or stdout"],
    ["COPY (select 1)\nTO STDOUT", "copy with stdin or stdout"],
  ])("is of control: %j", (text, word) => {
    expect(controlWord(text)).toBe(word);
  });

  it.each([
    "",
    "-- commit",
    "--",
    "/* commit",
    "select 1; commit",
    "set local lock_timeout = 1",
    "settle",
    "copy own from '/var/own.csv'",
    "with x as (select 1) select * from x",
  ])("is none: %j", (text) => {
    expect(controlWord(text)).toBe(undefined);
  });
});
