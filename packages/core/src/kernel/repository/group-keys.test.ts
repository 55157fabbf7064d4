import { describe, expect, it } from "vitest";
import { compileGroupKeys } from "./group-keys.ts";
import { schema, visits } from "./visits-fixture.ts";

const keyOf = (key: unknown) => compileGroupKeys(schema, visits, { key })[0]!;
const toAccount = { table: "account", local: "account_id", foreign: "id" };
const toParent = { table: "account", local: "parent_id", foreign: "id" };

describe("a group key", () => {
  it.each<[unknown, object]>([
    ["kind", { path: [], column: "kind" }],
    ["accountId", { path: [], column: "account_id" }],
    [{ account: "name" }, { path: [toAccount], column: "name" }],
    [{ account: { parent: "name" } }, { path: [toAccount, toParent], column: "name" }],
    [{ day: "day" }, { path: [], column: "day" }],
    [{ day: "week" }, { path: [], column: "day" }],
    [{ day: "month" }, { path: [], column: "day", bucket: "month" }],
    [{ day: "quarter" }, { path: [], column: "day", bucket: "month" }],
    [{ day: "year" }, { path: [], column: "day", bucket: "month" }],
  ])("%j", (key, query) => {
    expect(keyOf(key).query).toEqual(query);
  });

  it("puts what the database returns into its bucket", () => {
    expect(keyOf({ day: "week" }).bucketOf?.("2026-01-01")).toBe("2025-12-29");
    expect(keyOf({ day: "quarter" }).bucketOf?.("2026-11")).toBe("2026-Q4");
    expect(keyOf({ day: "year" }).bucketOf?.("2026-11")).toBe("2026");
    expect(keyOf({ day: "month" }).bucketOf).toBeUndefined();
  });

  it("is read as the field's value", () => {
    expect(keyOf("ratio").decode(50n)).toBe("0.5");
    expect(keyOf("at").decode(5)).toEqual(new Date(5));
    expect(keyOf("title").decode(null)).toBeNull();
  });

  it("keeps its name, and several keep their order", () => {
    expect(compileGroupKeys(schema, visits, { b: "kind", a: "score" }).map(({ name }) => name)).toEqual(["b", "a"]);
    expect(compileGroupKeys(schema, visits, undefined)).toEqual([]);
  });
});

describe("what is refused as invalid_query", () => {
  it.each<[unknown, string]>([
    [["kind"], "visit.groupBy must be an object of named keys."],
    ["kind", "visit.groupBy must be an object of named keys."],
    [{ key: "knid" }, "visit.knid is neither a field nor a to-one relation to group by."],
    [{ key: "cost" }, "visit.cost cannot be grouped by."],
    [{ key: "extra" }, "visit.extra cannot be grouped by."],
    [{ key: {} }, "visit.groupBy.key must be a field, { relation: field } or { dateField: bucket }."],
    [{ key: { account: "name", day: "month" } }, "visit.groupBy.key must be a field"],
    [{ key: { account: "nmae" } }, "account.nmae is neither a field nor a to-one relation to group by."],
    [{ key: { account: { visits: "note" } } }, "account.visits is neither a field nor a to-one relation to group by."],
    [{ key: { note: "month" } }, "visit.note is no date, and cannot be put into buckets."],
    [{ key: { day: "decade" } }, 'visit.day has no bucket "decade": use day, week, month, quarter, year.'],
    [{ key: { day: "constructor" } }, 'visit.day has no bucket "constructor"'],
  ])("%j", (groupBy, message) => {
    expect(() => compileGroupKeys(schema, visits, groupBy)).toThrow(message);
  });
});
