import { describe, expect, it } from "vitest";
import { compileGroupKeys, dateKey, type NamedGroupKey, needsCalendar } from "./group-keys.ts";
import { schema, visits } from "./visits-fixture.ts";

const fiscal = {
  timeZone: "UTC",
  ofMonths: true,
  periodOf: (bucket: string, day: string) => ({ name: `${bucket} of ${day}`, from: day, until: day }),
};
function keyOf(key: unknown, calendar?: typeof fiscal): NamedGroupKey {
  const compiled = compileGroupKeys(schema, visits, { key })[0]!;
  if (compiled.kind === "instant") throw new Error("needs to know how far its instants reach");
  return compiled.kind === "plain" ? compiled : dateKey(compiled, calendar);
}
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

  it("of a fiscal calendar asks for months where it is made of them, else for days", () => {
    const asked = (bucket: string, ofMonths: boolean) => {
      const { query, bucketOf } = keyOf({ day: bucket }, { ...fiscal, ofMonths });
      const month = "bucket" in query ? query.bucket : undefined;
      return [month, bucketOf!(month ? "2026-11" : "2026-11-05")];
    };
    expect(asked("fiscal_quarter", true)).toEqual(["month", "fiscal_quarter of 2026-11-01"]);
    expect(asked("fiscal_quarter", false)).toEqual([undefined, "fiscal_quarter of 2026-11-05"]);
    expect(asked("fiscal_week", true)).toEqual([undefined, "fiscal_week of 2026-11-05"]);
  });

  it("needs the tenant's calendar for what is fiscal, and for instants without a time zone", () => {
    const needs = (key: unknown) => needsCalendar(compileGroupKeys(schema, visits, { key })[0]!);
    expect([{ day: "month" }, "at", { at: { bucket: "month", timeZone: "Asia/Tokyo" } }].map(needs)).toEqual([
      false,
      false,
      false,
    ]);
    expect([{ day: "fiscal_year" }, { at: "month" }, { at: { bucket: "day" } }].map(needs)).toEqual([true, true, true]);
    expect(needs({ at: { bucket: "fiscal_year", timeZone: "Asia/Tokyo" } })).toBe(true);
  });

  it("of cases has their conditions, and binds what they compare with for each query anew", () => {
    const { query, bucketOf } = keyOf({ cases: [{ where: { score: { gt: 5 } }, value: "high" }] });
    if (typeof query !== "function") throw new Error("binds values");
    const params: number[] = [1, 2];
    const above = { kind: "compare", column: "score", operator: "gt", value: 2 };
    expect([query(params), params]).toEqual([{ cases: [above] }, [1, 2, 5]]);
    expect([bucketOf!(0), bucketOf!(1)]).toEqual(["high", null]);
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
    [{ key: {} }, "visit.groupBy.key must be a field, { relation: field }, { dateField: bucket } or { cases: ["],
    [{ key: { account: "name", day: "month" } }, "visit.groupBy.key must be a field"],
    [{ key: { account: "nmae" } }, "account.nmae is neither a field nor a to-one relation to group by."],
    [{ key: { account: { visits: "note" } } }, "account.visits is neither a field nor a to-one relation to group by."],
    [{ key: { note: "month" } }, "visit.note is neither a date nor an instant, and cannot be put into buckets."],
    [
      { key: { day: "decade" } },
      'visit.day has no bucket "decade": use day, week, month, quarter, year, fiscal_year, ',
    ],
    [{ key: { at: { bucket: "decade" } } }, 'visit.at has no bucket "decade"'],
    [{ key: { at: {} } }, 'visit.at has no bucket "undefined"'],
    [{ key: { at: { bucket: "day", zone: "UTC" } } }, 'visit.at has no option "zone": use { bucket, timeZone }.'],
    [
      { key: { at: { bucket: "day", timeZone: "Mars" } } },
      'visit.at cannot be seen from "Mars", which is no time zone such as "Europe/Berlin".',
    ],
    [{ key: { at: { bucket: "day", timeZone: 2 } } }, 'visit.at cannot be seen from "2"'],
    [
      { key: { day: { bucket: "day", timeZone: "UTC" } } },
      "visit.day is a day already, and passes through no time zone.",
    ],
    [{ key: { day: "constructor" } }, 'visit.day has no bucket "constructor"'],
  ])("%j", (groupBy, message) => {
    expect(() => compileGroupKeys(schema, visits, groupBy)).toThrow(message);
  });
});
