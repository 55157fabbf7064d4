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
