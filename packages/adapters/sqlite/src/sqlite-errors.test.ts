import { describe, expect, it } from "vitest";
import { sales } from "./fixtures/sales-schema.ts";
import { translateError } from "./sqlite-errors.ts";

const context = { database: "/data/crm.db", schema: sales };
const sqliteError = (errcode: number, message: string) =>
  Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR", errcode });
const translated = (errcode: number, message = "message of SQLite") =>
  translateError(sqliteError(errcode, message), context);

describe("translateError", () => {
  it.each([
    [5, "storage_busy"],
    [261, "storage_busy"],
    [517, "storage_busy"],
    [6, "storage_busy"],
    [8, "storage_unavailable"],
    [1032, "storage_unavailable"],
    [11, "storage_corrupt"],
    [26, "storage_corrupt"],
    [13, "storage_full"],
    [14, "storage_unavailable"],
    [778, "storage_failed"],
    [1, "storage_failed"],
  ])("turns result code %i into %s, naming the file and keeping the cause", (errcode, code) => {
    const error = translated(errcode);
    expect([error.code, error.retryable]).toEqual([code, code === "storage_busy"]);
    expect(error.message).toContain("/data/crm.db");
    expect(error.cause).toMatchObject({ errcode });
  });

  it.each([
    ["SQLITE_BUSY", "storage_busy"],
    ["SQLITE_BUSY_SNAPSHOT", "storage_busy"],
    ["SQLITE_LOCKED_SHAREDCACHE", "storage_busy"],
    ["SQLITE_READONLY_DBMOVED", "storage_unavailable"],
    ["SQLITE_CORRUPT_INDEX", "storage_corrupt"],
    ["SQLITE_NOTADB", "storage_corrupt"],
    ["SQLITE_FULL", "storage_full"],
    ["SQLITE_CANTOPEN_ISDIR", "storage_unavailable"],
    ["SQLITE_IOERR_WRITE", "storage_failed"],
    ["SQLITE_INTERRUPT", "storage_failed"],
    ["SQLITE_ERROR", "storage_failed"],
    ["UNKNOWN_SQLITE_ERROR_999", "storage_failed"],
  ])("turns %s of better-sqlite3 into %s", (name, code) => {
    const error = translateError(Object.assign(new Error("message of SQLite"), { code: name }), context);
    expect([error.code, error.retryable]).toEqual([code, code === "storage_busy"]);
    expect(error.message).toContain("/data/crm.db");
  });

  it.each([
    ["SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: accounts.tenant_id, accounts.domain", "not_unique"],
    ["SQLITE_CONSTRAINT_PRIMARYKEY", "UNIQUE constraint failed: deals.tenant_id, deals.id", "not_unique"],
    ["SQLITE_CONSTRAINT_NOTNULL", "NOT NULL constraint failed: deals.title", "value_refused"],
    ["SQLITE_CONSTRAINT_CHECK", "CHECK constraint failed: deals.stage", "value_refused"],
    ["SQLITE_CONSTRAINT_DATATYPE", "cannot store TEXT value in INTEGER column deals.amount", "value_refused"],
    ["SQLITE_CONSTRAINT_FOREIGNKEY", "FOREIGN KEY constraint failed", "reference_not_found"],
  ])("knows %s of better-sqlite3", (name, message, code) => {
    expect(translateError(Object.assign(new Error(message), { code: name }), context).code).toBe(code);
  });

  it("names the fields of a unique rule, and id for the primary key", () => {
    expect(translated(2067, "UNIQUE constraint failed: accounts.tenant_id, accounts.domain").details).toEqual({
      entity: "account",
      field: "domain",
      fields: ["domain"],
    });
    expect(translated(1555, "UNIQUE constraint failed: deals.tenant_id, deals.id").details.field).toBe("id");
  });

  it("names the field whose value was refused", () => {
    const refused = [
      translated(1299, "NOT NULL constraint failed: deals.title"),
      translated(275, "CHECK constraint failed: deals.stage"),
      translated(3091, "cannot store TEXT value in INTEGER column deals.amount"),
    ];
    expect(refused.map(({ code, message }) => [code, message])).toEqual([
      ["value_refused", "deal.title must have a value."],
      ["value_refused", "deal.stage has a value that is not among those allowed."],
      ["value_refused", "deal.amount has a value of the wrong type."],
    ]);
  });

  it("knows a sum that is too large", () => {
    expect(translated(1, "integer overflow").code).toBe("sum_overflow");
  });

  it("says that a database has been closed", () => {
    const error = Object.assign(new Error("database is not open"), { code: "ERR_INVALID_STATE" });
    expect(translateError(error, context).code).toBe("storage_unavailable");
  });
});
