import { describe, expect, it, onTestFinished } from "vitest";
import { adoptHandle } from "./app-handle.ts";
import { drivers, type Handle, isOpen } from "./fixtures/drivers.ts";
import { sales } from "./fixtures/sales-schema.ts";
import { createConnection } from "./sqlite-connection.ts";

describe.each(drivers)("a connection of $name", ({ open, protect }) => {
  function connect(prepare: (handle: Handle) => void = () => {}) {
    const handle = open(":memory:");
    onTestFinished(() => void (isOpen(handle) && handle.close()));
    prepare(handle);
    return createConnection(adoptHandle(handle), { database: ":memory:", schema: sales });
  }
  type Connection = ReturnType<typeof connect>;

  const isProtected = (connection: Connection) => {
    connection.exec("pragma writable_schema = on");
    const [row] = connection.all("pragma writable_schema");
    connection.exec("pragma writable_schema = off");
    return row?.[0] === 0;
  };

  it("stores a boolean as 1 or 0, bytes as bytes and every digit of a big integer", () => {
    const connection = connect();
    const values = [true, false, new Uint8Array([1, 2]), 9223372036854775807n, null, "é😀", 1.5];
    const [row] = connection.all(
      "select cast(? as integer), cast(? as integer), hex(?), cast(? as text), ?, ?, ?",
      values,
    );
    expect(row).toEqual([1, 0, "0102", "9223372036854775807", null, "é😀", 1.5]);
    expect(values[0]).toBe(true);
  });

  it("refuses what the driver would bind as something else, and runs nothing", () => {
    const connection = connect();
    connection.exec("create table t (x)");
    for (const value of [Number.NaN, undefined, new Date(0), {}, [1]]) {
      expect(() => connection.run("insert into t values (?)", [value])).toThrow(
        expect.objectContaining({ code: "value_refused" }),
      );
    }
    expect(connection.all("select count(*) from t")).toEqual([[0]]);
  });

  it("gives the number of rows changed", () => {
    const connection = connect();
    connection.exec("create table t (x integer)");
    expect(connection.run("insert into t values (?), (?)", [1, 2])).toBe(2);
    expect(connection.run("update t set x = 3 where x = ?", [9])).toBe(0);
    expect(connection.run("delete from t")).toBe(2);
  });

  it("takes SQLite's protection of its own tables away for some work, and gives it back", () => {
    const connection = connect();
    protect?.(connection.database.handle as Handle, true);
    expect(connection.unprotected(() => isProtected(connection))).toBe(false);
    expect(isProtected(connection)).toBe(protect !== undefined);
  });

  it("leaves a handle without that protection as it is", () => {
    const connection = connect((handle) => protect?.(handle, false));
    expect(connection.unprotected(() => isProtected(connection))).toBe(false);
    expect(isProtected(connection)).toBe(false);
  });

  it("knows what went wrong", () => {
    const connection = connect();
    connection.exec(`create table "accounts" ("tenant_id" text, "domain" text unique)`);
    connection.run("insert into accounts (domain) values (?)", ["acme.example"]);
    const code = (work: () => unknown) => {
      try {
        work();
        return undefined;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(code(() => connection.run("insert into accounts (domain) values (?)", ["acme.example"]))).toBe("not_unique");
    expect(code(() => connection.all("select sum(x) from (select 9223372036854775807 as x union all select 1)"))).toBe(
      "sum_overflow",
    );
    expect(code(() => connection.all("select nothing from nowhere"))).toBe("storage_failed");
    connection.close();
    expect(connection.isTransaction).toBe(false);
    expect(code(() => connection.all("select 1"))).toBe("storage_unavailable");
  });
});
