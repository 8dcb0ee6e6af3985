// The small functions of the SQL store that need no database.
import { describe, expect, it } from "vitest";
import { QuadrilleError } from "../../../errors.ts";
import { parseMigration, readMigrations } from "../schema/migrations.ts";
import { columnText, jsonLines } from "./sql-parameters.ts";
import { flushResult, storeError, writeError } from "./sql-errors.ts";

function driverError(code: string, fields: object = {}): Error {
  return Object.assign(new Error("said the driver"), { code, ...fields });
}

describe("parameters", () => {
  it("write a column of rows as PostgreSQL reads arrays", () => {
    const column = (...values: readonly unknown[]): string => columnText(values, (value) => value);
    expect(column("plain", 'a "quote"', "back\\slash", "", "NULL", "{a,b}")).toBe(
      String.raw`{"plain","a \"quote\"","back\\slash","","NULL","{a,b}"}`,
    );
    // What JSON would escape and PostgreSQL does not.
    expect(column("line\nbreak", "\u0007", "\ud83d", undefined)).toBe(
      '{"line\nbreak","\u0007","\ud83d",null}',
    );
    expect(column("plain", undefined, "{a,b}")).toBe('{"plain",null,"{a,b}"}');
    expect(column(1, -0.5, 5_000_000_000, true, undefined, null)).toBe("{1,-0.5,5000000000,true,null,null}");
    expect(() => column({})).toThrow("a object is no element");
  });

  it("write an empty array where no row has a value", () => {
    expect(columnText([1, 2], () => undefined)).toBe("{}");
    expect(columnText([], (row) => row)).toBe("{}");
  });

  it("write JSON one document to a line, whatever is in it", () => {
    const values = [undefined, { a: "line\nbreak" }, undefined, null, "\u2028"];
    expect(jsonLines(values, (value) => value)).toBe('\n{"a":"line\\nbreak"}\n\nnull\n"\u2028"');
    expect(jsonLines([1, 2], () => undefined)).toBe("");
  });
});

describe("the end of a flush", () => {
  it.each([
    ["QD001", undefined, "overtaken"],
    ["40001", undefined, "overtaken"],
    ["40P01", undefined, "overtaken"],
    ["23505", "journal", "overtaken"],
    ["23505", "entity", "overtaken"],
    ["23505", "answer", "repeated"],
    ["23505", "a_table_of_the_service", undefined],
    ["23502", "journal", undefined],
    ["08006", undefined, undefined],
  ])("with %s on table %s is %s", (code, table, expected) => {
    expect(flushResult(driverError(code, { schema: "till", table }), '"till"')).toBe(expected);
  });

  it("is none where a table of another schema has the name", () => {
    const twin = driverError("23505", { schema: "own", table: "answer" });
    expect(flushResult(twin, '"till"')).toBe(undefined);
  });

  it.each(["40001", "QD001"])(
    "is none for %s that a service has raised, unless it is the migrations' own",
    (code) => {
      const raised = driverError(code, { routine: "exec_stmt_raise" });
      expect(flushResult(raised, '"till"')).toBe(code === "QD001" ? "overtaken" : undefined);
    },
  );
});

describe("an error of a flush", () => {
  const ofServer = { severity: "ERROR", routine: "ExecConstraints" };

  it.each(["21000", "22P05", "23503", "27000", "44000", "45000", "54000", "P0001", "MINE1"])(
    "with %s refuses the rows",
    (code) => {
      expect(writeError(driverError(code, ofServer), "PGlite")).toMatchObject({ code: "Q_WRITE_REFUSED" });
    },
  );

  it.each([
    "0A000",
    "25006",
    "26000",
    "3F000",
    "42501",
    "42P01",
    "53100",
    "55P03",
    "57014",
    "58030",
    "XX000",
  ])("with %s is a trouble of the place", (code) => {
    expect(writeError(driverError(code, ofServer), "PGlite")).toMatchObject({ code: "Q_STORE_FAILED" });
  });

  it.each(["08006", "57P01", "EPIPE"])("with %s is that of a lost connection", (code) => {
    expect(writeError(driverError(code), "PGlite")).toMatchObject({ code: "Q_STORE_UNREACHABLE" });
  });

  it.each([
    ["53100", "exec_stmt_raise"],
    ["42501", "ExecWithCheckOptions"],
  ])("with %s by %s refuses the rows", (code, routine) => {
    const error = driverError(code, { ...ofServer, routine });
    expect(writeError(error, "PGlite")).toMatchObject({ code: "Q_WRITE_REFUSED" });
  });
});

describe("operating errors", () => {
  it.each([
    ["ECONNREFUSED", "Q_STORE_UNREACHABLE", true],
    ["08006", "Q_STORE_UNREACHABLE", true],
    ["57P01", "Q_STORE_UNREACHABLE", true],
    ["53100", "Q_STORE_FAILED", true],
    ["55P03", "Q_STORE_FAILED", true],
    ["57014", "Q_STORE_FAILED", true],
    ["42501", "Q_STORE_FAILED", false],
    ["23502", "Q_STORE_FAILED", false],
  ])("of %s are %s", (code, expected, retryable) => {
    const cause = driverError(code);
    const error = storeError(cause, "PGlite in memory");
    expect(error).toMatchObject({ code: expected, retryable, cause });
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(`^PGlite in memory: said the driver \\(${code}\\)\\. [A-Z]`),
    );
  });

  it.each([
    [
      "28P01",
      "The server does not let this user in: correct user and password in the address of the database.",
    ],
    [
      "28000",
      "The server does not let this user in: correct user and password in the address of the database.",
    ],
    ["3D000", "Correct the name of the database in its address, or make it: `create database NAME`."],
  ])("of %s say what to correct in the address", (code, advice) => {
    const error = storeError(driverError(code), "PostgreSQL");
    expect(error).toMatchObject({ code: "Q_STORE_FAILED", retryable: false });
    expect(error).toHaveProperty("message", expect.stringContaining(advice));
  });

  it("come from a driver's words where it gives no code", () => {
    const error = storeError(new Error("Connection terminated unexpectedly"), "PostgreSQL");
    expect(error).toMatchObject({ code: "Q_STORE_UNREACHABLE" });
  });

  it("name the first address when every address of a host fails", () => {
    const refused = driverError("ECONNREFUSED");
    const error = storeError(
      Object.assign(new AggregateError([refused]), { code: "ECONNREFUSED" }),
      "PostgreSQL",
    );
    expect(error).toHaveProperty("message", expect.stringContaining("said the driver (ECONNREFUSED)"));
  });

  it("leave alone what is named already, and a programmer's error", () => {
    const named = new QuadrilleError("Q_LANES_CHANGED", "two");
    const programmers = new TypeError("undefined is not a function");
    expect(storeError(named, "PostgreSQL")).toBe(named);
    expect(storeError(programmers, "PostgreSQL")).toBe(programmers);
  });
});

describe("migration files", () => {
  it("are numbered from 1 and say whether they break older processes", async () => {
    const [first] = await readMigrations();
    expect(first).toMatchObject({ number: 1, name: "0001-first-tables.sql", breaking: true });
    expect(first?.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["0002-x.sql", "select 1;"],
    ["0003-x.sql", "-- quadrille-migration: 0002\n-- breaking: no\n"],
    ["0002-x.sql", "-- quadrille-migration: 0002\n-- breaking: maybe\n"],
  ])("are refused without their header: %s %j", (name, text) => {
    expect(() => parseMigration(name, text)).toThrow(`migration ${name} has no header`);
  });
});
